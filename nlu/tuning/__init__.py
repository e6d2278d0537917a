"""How the encoder was made: reading its first weights, teaching it, writing it as a graph for onnxruntime."""
