"""Writes a trained network as an ONNX graph whose matrices are bytes: six layers in a third of the time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from components.pieces import PAD

OPSET, FORMAT = 17, 8
FUSED = "com.microsoft"
SKIP = {"epsilon": 1e-12}
EVEN = {**SKIP, "axis": -1}


class Graph:
    """An ONNX graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.arrays: dict[str, Any] = {}

    def hold(self, name: str, array: Any) -> str:
        """An array that the graph carries with it."""
        self.arrays[name] = numpy_helper.from_array(np.array(array, order="C"), name)
        return name

    def numbers(self, *values: int) -> str:
        """Whole numbers, as shapes and axes are given."""
        return self.hold("n" + "_".join(map(str, values)), np.array(values, np.int64))

    def do(self, what: str, *given: str, **how: Any) -> str:
        """An operation of ONNX; the name of what comes out."""
        found = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(what, given, [found], **how))
        return found

    def fused(self, what: str, *given: str, **how: Any) -> str:
        """An operation of onnxruntime that does several of ONNX at once."""
        return self.do(what, *given, domain=FUSED, **how)


def write(arrays: dict[str, np.ndarray], heads: int, path: Path) -> None:
    """The graph: `rows` (messages, places), int64, filled up with PAD, to scores (messages, intents), float32."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(_model(arrays, heads), whole)
        quantize_dynamic(
            whole,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )


def _model(arrays: dict[str, np.ndarray], heads: int) -> Any:
    graph = Graph()
    real = graph.do("Not", graph.do("Equal", "rows", graph.numbers(PAD)))
    seen = graph.do("Cast", real, to=TensorProto.INT32)
    hidden = graph.do("LayerNormalization", _looked_up(graph, arrays), *_even(graph, arrays, "start"), **EVEN)
    for layer in range(len([name for name in arrays if name.endswith(".q.w")])):
        looked = _weigh(graph, _attention(graph, hidden, arrays, f"l{layer}", heads, seen), arrays, f"l{layer}.ao")
        hidden = graph.fused("SkipLayerNormalization", hidden, looked, *_even(graph, arrays, f"l{layer}.aln"), **SKIP)
        thought = graph.fused("Gelu", _weigh(graph, hidden, arrays, f"l{layer}.fi"))
        thought = _weigh(graph, thought, arrays, f"l{layer}.fo")
        hidden = graph.fused("SkipLayerNormalization", hidden, thought, *_even(graph, arrays, f"l{layer}.oln"), **SKIP)
    shares = graph.do("Cast", real, to=TensorProto.FLOAT)
    masked = graph.do("Mul", hidden, graph.do("Unsqueeze", shares, graph.numbers(2)))
    many = graph.do("ReduceSum", shares, graph.numbers(1), keepdims=1)
    mean = graph.do("Div", graph.do("ReduceSum", masked, graph.numbers(1), keepdims=0), many)
    first = graph.do("Gather", hidden, graph.hold("first", np.array(0, np.int64)), axis=1)
    both = graph.do("Concat", mean, first, axis=-1)
    weights, start = graph.hold("head.w", arrays["head.w"]), graph.hold("head.b", arrays["head.b"])
    graph.nodes.append(helper.make_node("Gemm", [both, weights, start], ["scores"]))
    given = helper.make_tensor_value_info("rows", TensorProto.INT64, ["messages", "places"])
    found = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["messages", len(arrays["head.b"])])
    made = helper.make_graph(graph.nodes, "encoder", [given], [found], list(graph.arrays.values()))
    sets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(made, opset_imports=sets, ir_version=FORMAT)


def _looked_up(graph: Graph, arrays: dict[str, np.ndarray]) -> str:
    """The table of pieces, each row as bytes and a scale."""
    scale = np.maximum(np.abs(arrays["word"]).max(1, keepdims=True), 1e-6) / 127
    table = graph.hold("word", np.round(arrays["word"] / scale).astype(np.int8))
    scales = graph.hold("word.scale", scale.astype(np.float32))
    rows = graph.do("Cast", graph.do("Gather", table, "rows"), to=TensorProto.FLOAT)
    words = graph.do("Mul", rows, graph.do("Gather", scales, "rows"))
    places = graph.do("Slice", graph.do("Shape", "rows"), graph.numbers(1), graph.numbers(2))
    positions = graph.hold("position", arrays["position"])
    return graph.do("Add", words, graph.do("Slice", positions, graph.numbers(0), places))


def _attention(graph: Graph, hidden: str, arrays: dict[str, np.ndarray], layer: str, heads: int, seen: str) -> str:
    """Each place gathers from the others that are `seen`. The three products are one."""
    weights = np.concatenate([arrays[f"{layer}.{part}.w"] for part in "qkv"], axis=1)
    start = np.concatenate([arrays[f"{layer}.{part}.b"] for part in "qkv"])
    held = graph.hold(f"{layer}.qkv.w", weights), graph.hold(f"{layer}.qkv.b", start)
    return graph.fused("Attention", hidden, *held, seen, num_heads=heads)


def _weigh(graph: Graph, hidden: str, arrays: dict[str, np.ndarray], part: str) -> str:
    weights, start = graph.hold(f"{part}.w", arrays[f"{part}.w"]), graph.hold(f"{part}.b", arrays[f"{part}.b"])
    return graph.do("Add", graph.do("MatMul", hidden, weights), start)


def _even(graph: Graph, arrays: dict[str, np.ndarray], part: str) -> tuple[str, str]:
    return graph.hold(f"{part}.w", arrays[f"{part}.w"]), graph.hold(f"{part}.b", arrays[f"{part}.b"])
