"""Tells rasa's recipe about our part. Apart from ears.py, since this import brings TensorFlow along (400 MB)."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from components.ears import Ears

KINDS = [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR]
DefaultV1Recipe.register(KINDS, is_trainable=True)(Ears)

__all__ = ["Ears"]
