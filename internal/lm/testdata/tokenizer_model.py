# A SentencePiece model for codec_test.go, and what the Python package sentencepiece makes of a few texts with it:
#   cd testdata && pip install sentencepiece==0.2.3 && python3 tokenizer_model.py ../../pack/shop/patterns.zh.yaml
import json, os, sys, sentencepiece

os.makedirs("sentencepiece", exist_ok=True)
sentencepiece.SentencePieceTrainer.train(
    input=sys.argv[1], model_prefix="sentencepiece/tokenizer", model_type="bpe", vocab_size=700, byte_fallback=True,
    add_dummy_prefix=False, remove_extra_whitespaces=False, normalization_rule_name="identity",
    character_coverage=0.98, num_threads=1, minloglevel=2)
os.remove("sentencepiece/tokenizer.vocab")
tok = sentencepiece.SentencePieceProcessor(model_file="sentencepiece/tokenizer.model")
texts = ["你上周买了咖啡豆，这款味道接近。", "You liked  it in 2024!", "", "a\nb", "膝盖 é 🙂"]
cases = [{"text": t, "ids": tok.encode(t)} for t in texts]
with open("sentencepiece.json", "w") as out:
    json.dump({"sentencepiece": sentencepiece.__version__, "size": tok.get_piece_size(), "cases": cases}, out, ensure_ascii=False)
    out.write("\n")
