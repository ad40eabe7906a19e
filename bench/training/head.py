"""Steps of a head alone in PyTorch, for bench/training/head.ts: from embeddings of noise to new class weights by SGD.

    python3 head.py HEAD CLASSES BATCH THREADS STEPS

Prints the least milliseconds of the processor a step after one, and the most memory in MB. Margins are those of the
labels' cosines only, taken out and put back by index.
"""
import math
import resource
import sys
import time

import torch
import torch.nn.functional as F

head, (classes, batch, threads, steps) = sys.argv[1], map(int, sys.argv[2:6])
torch.set_num_threads(threads)
torch.manual_seed(1)
width, s = 512, 64.0
embeddings = torch.randn(batch, width, requires_grad=True)
labels = torch.randint(0, classes, (batch, 1))
weights = (torch.randn(classes, width) * 0.01).requires_grad_(True)
t = torch.zeros(1)


def turned(c, m):
    return c * math.cos(m) - torch.sqrt((1 - c * c).clamp(min=1e-10)) * math.sin(m)


def arc(c, m):
    return torch.where(c > math.cos(math.pi - m), turned(c, m), c - m * math.sin(m))


def arcface(c, own):
    return c, arc(own, 0.5)


def cosface(c, own):
    return c, own - 0.35


def curricularface(c, own):
    with torch.no_grad():
        t.mul_(0.99).add_(0.01 * own.mean())
    hard = c > turned(own, 0.5)
    return torch.where(hard, c * (t + c), c), arc(own, 0.5)


HEADS = {f.__name__: f for f in (arcface, cosface, curricularface)}
optimizer = torch.optim.SGD([weights], lr=0.01, momentum=0.9, weight_decay=5e-4)


def step():
    optimizer.zero_grad(set_to_none=True)
    embeddings.grad = None
    c = F.linear(F.normalize(embeddings), F.normalize(weights)).clamp(-1, 1)
    others, own = HEADS[head](c, c.gather(1, labels))
    loss = F.cross_entropy(s * others.scatter(1, labels, own), labels[:, 0])
    loss.backward()
    optimizer.step()
    return loss.item()


step()
least = math.inf
for _ in range(steps):
    used = time.process_time()
    step()
    least = min(least, (time.process_time() - used) * 1000)
print(least, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
