"""The training step of the generator that ships, in PyTorch, for comparison (scripts/torch.sh): the same shape, batch and
optimiser, fp32, two threads. Prints tokens per second without padding, as BenchmarkTrain does.

    torch_train.py ROWS MICROS SECONDS"""

import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

VOCAB, DIM, LAYERS, HEADS, FF, SOFT, ASPECTS = 4400, 256, 4, 8, 704, 4, 32
BUCKETS, EMBED, HIDDEN, STATE, EVENTS, FEATURES = 2048, 64, 96, 64, 16, 8
PROMPT, TEXT = 48, 32


class RMSNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(DIM))

    def forward(self, x):
        return self.w * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)


def turn(x, cos, sin):
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = RMSNorm(), RMSNorm()
        self.q, self.k, self.v, self.o = (nn.Linear(DIM, DIM, bias=False) for _ in range(4))
        self.gate, self.up, self.down = nn.Linear(DIM, FF, bias=False), nn.Linear(DIM, FF, bias=False), nn.Linear(FF, DIM, bias=False)

    def forward(self, x, cos, sin, mask):
        b, t, _ = x.shape
        h = self.n1(x)
        q, k, v = (f(h).view(b, t, HEADS, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        h = F.scaled_dot_product_attention(turn(q, cos, sin), turn(k, cos, sin), v, attn_mask=mask)
        x = x + F.dropout(self.o(h.transpose(1, 2).reshape(b, t, DIM)), 0.1)
        h = self.n2(x)
        return x + F.dropout(self.down(F.silu(self.gate(h)) * self.up(h)), 0.1)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Embedding(BUCKETS, EMBED, padding_idx=0)
        self.gru = nn.GRU(EMBED, HIDDEN, batch_first=True)
        self.project = nn.Linear(HIDDEN, STATE, bias=False)
        self.soft = nn.Linear(STATE, SOFT * DIM)
        self.next = nn.Linear(STATE, BUCKETS)
        self.aspect = nn.Linear(DIM, ASPECTS)
        self.embed = nn.Embedding(VOCAB, DIM)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = RMSNorm()

    def forward(self, events, prompt, text, lengths, cos, sin):
        b = prompt.shape[0]
        _, state = self.gru(self.features(events).sum(2))
        state = self.project(state[0])
        x = torch.cat([self.soft(state).view(b, SOFT, DIM), self.embed(prompt), self.embed(text)], 1)
        t = x.shape[1]
        known = torch.cat([torch.ones(b, SOFT, dtype=torch.bool), torch.arange(PROMPT) < lengths[:, :1], torch.arange(TEXT) < lengths[:, 1:]], 1)
        mask = torch.ones(t, t, dtype=torch.bool).tril() & known[:, None, None, :]
        mask = mask | torch.eye(t, dtype=torch.bool)
        for block in self.blocks:
            x = block(x, cos, sin, mask)
        x = self.norm(x)
        return F.linear(x[:, -TEXT:], self.embed.weight), self.next(state), self.aspect(x[:, SOFT + PROMPT - 1])


def main():
    rows, micros, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    torch.manual_seed(1)
    torch.set_num_threads(2)
    model = Generator()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
    t = SOFT + PROMPT + TEXT
    angle = torch.outer(torch.arange(t), 10000 ** (-torch.arange(DIM // HEADS // 2) / (DIM // HEADS // 2)))
    cos, sin = angle.cos(), angle.sin()

    def batch():
        lengths = torch.stack([torch.randint(41, PROMPT + 1, (rows,)), torch.randint(25, TEXT + 1, (rows,))], 1)
        return torch.randint(0, BUCKETS, (rows, EVENTS, FEATURES)), torch.randint(4, VOCAB, (rows, PROMPT)), torch.randint(4, VOCAB, (rows, TEXT)), lengths

    data = [batch() for _ in range(8)]

    def step(n):
        optimiser.zero_grad(set_to_none=True)
        tokens = 0
        for m in range(micros):
            events, prompt, text, lengths = data[(n * micros + m) % len(data)]
            logits, following, aspect = model(events, prompt, text, lengths, cos, sin)
            target = text.roll(-1, 1).masked_fill(torch.arange(TEXT) >= lengths[:, 1:], -100)
            loss = F.cross_entropy(logits.reshape(-1, VOCAB), target.reshape(-1), ignore_index=-100)
            loss = loss + 0.1 * F.cross_entropy(following, events[:, -1, 0]) + 0.1 * F.cross_entropy(aspect, lengths[:, 0] % ASPECTS)
            (loss / micros).backward()
            tokens += int(lengths.sum()) + SOFT * rows
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        return tokens

    step(0), step(1)
    n, tokens, start = 0, 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        tokens += step(n)
        n += 1
    took = time.perf_counter() - start
    print(f"torch {torch.__version__} tokens/s {tokens / took:.0f} parameters {sum(p.numel() for p in model.parameters())} steps {n}")


main()
