"""Verification figures by NumPy: reads {scores, same, rates, bins} as JSON from standard input, writes JSON.

scores are cosines; `evolve` is given 2 - 2 * cosine. Written from the definitions, in double precision.
"""
import json
import sys

import numpy as np


def folds(n, k=10):
    return np.array_split(np.arange(n), k)  # the first n mod k parts have one more


def evolve(scores, same):
    thresholds = np.arange(0, 4, 0.01)
    right = (scores[None, :] < thresholds[:, None]) == same[None, :]
    for test in folds(len(scores)):
        training = np.setdiff1d(np.arange(len(scores)), test)
        threshold = thresholds[np.argmax(right[:, training].mean(axis=1))]
        yield np.mean((scores[test] < threshold) == same[test]), threshold


def facex(scores, same):
    for test in folds(len(scores)):
        training = np.setdiff1d(np.arange(len(scores)), test)
        own, other = scores[training][same[training]], scores[training][~same[training]]
        low, high = scores[training].min(), scores[training].max()
        thresholds = low + (high - low) / 1000 * np.arange(1, 1001)
        tpr = (own[None, :] > thresholds[:, None]).sum(axis=1) / len(own)
        fpr = (other[None, :] > thresholds[:, None]).sum(axis=1) / len(other)
        threshold = thresholds[np.argmax(tpr - fpr)]
        right = np.where(same[test], scores[test] > threshold, scores[test] < threshold)
        yield np.mean(right), threshold


def standard(scores, same):
    for test in folds(len(scores)):
        training = np.setdiff1d(np.arange(len(scores)), test)
        values = np.unique(scores[training])
        ends = 1e-6 * np.maximum(1, np.abs(values[[0, -1]]))
        thresholds = np.r_[values[0] - ends[0], (values[1:] + values[:-1]) / 2, values[-1] + ends[1]]
        own = np.sort(scores[training][same[training]])
        other = np.sort(scores[training][~same[training]])
        right = len(own) - np.searchsorted(own, thresholds, 'right') + np.searchsorted(other, thresholds, 'right')
        threshold = thresholds[np.argmax(right)]
        yield np.mean((scores[test] > threshold) == same[test]), threshold


def auc(scores, same):
    """From mean ranks, equal scores sharing theirs."""
    values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    own = same.sum()
    return (ranks[same].sum() - own * (own + 1) / 2) / (own * (len(scores) - own))


def tar(scores, same, rate):
    own, other = scores[same], scores[~same]
    if 1 / len(other) > rate:
        return None
    thresholds = np.r_[-np.inf, np.unique(scores)]
    far = np.array([(other > t).mean() for t in thresholds])
    return max((own > t).mean() for t in thresholds[far <= rate])


given = json.load(sys.stdin)
cosines, labels = np.array(given['scores']), np.array(given['same']) == 1
json.dump(
    {
        'evolve': [[float(a), float(t)] for a, t in evolve(2 - 2 * cosines, labels)],
        'facex': [[float(a), float(t)] for a, t in facex(cosines, labels)],
        'standard': [[float(a), float(t)] for a, t in standard(cosines, labels)],
        'auc': float(auc(cosines, labels)),
        'tar': [tar(cosines, labels, rate) for rate in given['rates']],
        'same': np.histogram(cosines[labels], given['bins'], (-1, 1))[0].tolist(),
        'others': np.histogram(cosines[~labels], given['bins'], (-1, 1))[0].tolist(),
        'quantiles': np.quantile(cosines, [0.025, 0.5, 0.975]).tolist(),
    },
    sys.stdout,
)
