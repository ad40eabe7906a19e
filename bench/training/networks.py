"""Every backbone that a few lines of PyTorch make, by Lineament's names: what embeddings come of a batch of pictures.

One of each family is what test/fixtures proves equal; the others are its variants, by their papers' numbers.
"""
import pathlib
import sys

import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'test' / 'fixtures'))
import torch_mobile as mobile  # noqa: E402
import torch_residual as residual  # noqa: E402
from torch_attention import attention_net, hrnet, swin  # noqa: E402
from torch_networks import ir, mobilefacenet  # noqa: E402

IR = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 14, 3), 101: (3, 13, 30, 3), 152: (3, 8, 36, 3)}
DEPTHS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def with_dropout(p, x):
    return residual.output_e(p, F.dropout(x, 0.5), 512)


def ended(trunk, output=mobile.output_e):
    return lambda p, x: output(p, trunk(p, x), 512)


def trunk(function, *a, **k):
    return lambda p, x: function(p, x, *a, **k)


def of_residual(function, *a, **k):
    return ended(trunk(function, *a, **k), residual.output_e)


WHOLE = {
    'mobilefacenet': mobilefacenet,
    **{f'ir-{n}': trunk(ir, units) for n, units in IR.items()},
    **{f'ir-se-{n}': ended(trunk(residual.ir_se, units), lambda p, x, _: with_dropout(p, x)) for n, units in IR.items()},
    'resnet-34': of_residual(residual.resnet, (3, 4, 6, 3), basic=True),
    **{f'resnet-{n}': of_residual(residual.resnet, units) for n, units in DEPTHS.items()},
    **{f'se-resnet-{n}': of_residual(residual.resnet, units, reduction=16) for n, units in DEPTHS.items()},
    'resnext-101': of_residual(residual.resnet, DEPTHS[101], groups=32, width=8),
    'se-resnext-101': of_residual(residual.resnet, DEPTHS[101], groups=32, width=4, reduction=16),
    'densenet-161': of_residual(residual.densenet, (6, 12, 36, 24), 48, 96),
    'densenet-169': of_residual(residual.densenet, (6, 12, 32, 32), 32, 64),
    'densenet-201': of_residual(residual.densenet, (6, 12, 48, 32), 32, 64),
    'dpn-98': of_residual(residual.dpn, 96, 7, 256, 160, 40, (3, 6, 20, 3), (16, 32, 32, 128)),
    'dpn-131': of_residual(residual.dpn, 128, 7, 256, 160, 40, (4, 8, 28, 3), (16, 32, 32, 128)),
    'mobilenet-v3-large': ended(mobile.mobilenet_v3_large),
    'shufflenet-v2-1': ended(trunk(mobile.shufflenet_v2_half, (116, 232, 464))),
    'shufflenet-v2-1.5': ended(trunk(mobile.shufflenet_v2_half, (176, 352, 704))),
    'shufflenet-v2-2': ended(trunk(mobile.shufflenet_v2_half, (244, 488, 976), 2048)),
    'efficientnet-b1': ended(trunk(mobile.efficientnet_b0, 1, 1.1)),
    'efficientnet-b2': ended(trunk(mobile.efficientnet_b0, 1.1, 1.2)),
    'efficientnet-b3': ended(trunk(mobile.efficientnet_b0, 1.2, 1.4)),
    'efficientnet-b4': ended(trunk(mobile.efficientnet_b0, 1.4, 1.8)),
    'repvgg-b0': ended(trunk(mobile.repvgg_a0, (4, 6, 16, 1), (64, 128, 256, 1280))),
    'repvgg-b1': ended(trunk(mobile.repvgg_a0, (4, 6, 16, 1), (128, 256, 512, 2048))),
    'lightcnn-29': ended(trunk(mobile.lightcnn, True, lambda y: F.max_pool2d(y, 2))),
    'attention-net-56': attention_net,
    'attention-net-92': trunk(attention_net, (1, 2, 3)),
    'hrnet-w18': hrnet,
    'swin-t': swin,
    'swin-s': trunk(swin, depths=(2, 2, 18, 2)),
}
NETWORKS = {
    **{name: ended(*parts) for name, parts in {**mobile.NETWORKS, **residual.NETWORKS}.items()},
    **WHOLE,
}
