# Reference numbers for rnn_test.go, from PyTorch's own GRU and LSTM in float64:
#   python3 testdata/rnn.py > testdata/rnn.json
# The k-th number of each tensor is amplitude * sin(.7 k + phase), so that nothing but results need be stored.
import json, sys, torch

torch.set_default_dtype(torch.float64)
wave = lambda amplitude, phase, *shape: (
    amplitude * torch.sin(0.7 * torch.arange(torch.tensor(shape).prod().item()).double() + phase)).reshape(shape)

BATCH, TIME, IN, HIDDEN = 2, 5, 3, 4
out = {"torch": torch.__version__, "command": "python3 testdata/rnn.py > testdata/rnn.json"}
for name, cls, gates in (("gru", torch.nn.GRU, 3), ("lstm", torch.nn.LSTM, 4)):
    cell = cls(IN, HIDDEN, batch_first=True)
    with torch.no_grad():
        cell.weight_ih_l0.copy_(wave(0.6, 0.1, gates * HIDDEN, IN))
        cell.weight_hh_l0.copy_(wave(0.7, 0.2, gates * HIDDEN, HIDDEN))
        cell.bias_ih_l0.copy_(wave(0.3, 0.3, gates * HIDDEN))
        cell.bias_hh_l0.copy_(wave(0.2, 0.4, gates * HIDDEN))
    x = wave(1.0, 0.5, BATCH, TIME, IN).requires_grad_()
    states, _ = cell(x)
    (states * wave(1.0, 0.6, BATCH, TIME, HIDDEN)).sum().backward()
    out[name] = {"states": states.flatten().tolist(), "input_gradient": x.grad.flatten().tolist(),
                 "state_weights_gradient": cell.weight_hh_l0.grad.flatten().tolist()}
json.dump(out, sys.stdout, indent=1)
