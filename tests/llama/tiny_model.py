"""Writes a model of random numbers for llama.cpp: two layers, a token for each byte, half a megabyte.

It says nothing of sense, which is the point: what holds for its answers, an engine forced. They end soon, since one
number of its state never changes, and is worth more for the tokens that end a line, a string or an answer.
"""

import sys

import numpy as np
from gguf import GGUFWriter, TokenType

WIDTH, LAYERS, HEADS, INNER, CONTEXT = 64, 2, 4, 128, 65_536
SPECIAL = ["<unk>", "<s>", "</s>"]
UNKNOWN, START, END = range(3)
LIKING = {END: 0.6, len(SPECIAL) + ord("\n"): 0.5, len(SPECIAL) + ord('"'): 0.5}
STEADY = 20.0
"""Of the number that never changes, beside others of about one."""
LETTERS = range(0x20, 0x7F)


def main(path: str) -> None:
    tokens = SPECIAL + [f"<0x{byte:02X}>" for byte in range(256)]
    types = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL, *[TokenType.BYTE] * 256]
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(types)
    writer.add_unk_token_id(UNKNOWN)
    writer.add_bos_token_id(START)
    writer.add_eos_token_id(END)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_chat_template("{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: ")
    for name, numbers in weights(len(tokens)).items():
        writer.add_tensor(f"{name}.weight", numbers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def weights(tokens: int) -> dict[str, np.ndarray]:
    """All tensors; nothing that a layer adds touches the first number of the state."""
    random = np.random.default_rng(7)

    def noise(rows: int, columns: int, *, size: float = 0.15, steady: bool = False) -> np.ndarray:
        numbers = random.standard_normal((rows, columns)).astype(np.float32) * np.float32(size)
        if steady:
            numbers[0, :] = 0
        return numbers

    embedding, output = noise(tokens, WIDTH, size=1), noise(tokens, WIDTH, size=0.3)
    embedding[:, 0] = STEADY
    output[:, 0] = -0.4
    output[[len(SPECIAL) + byte for byte in LETTERS], 0] = 0.1
    for token, worth in LIKING.items():
        output[token] = 0
        output[token, 0] = worth
    one = np.ones(WIDTH, np.float32)
    found = {"token_embd": embedding, "output_norm": one, "output": output}
    for layer in range(LAYERS):
        inner = {
            **{name: noise(WIDTH, WIDTH) for name in ("attn_q", "attn_k", "attn_v")},
            "attn_output": noise(WIDTH, WIDTH, steady=True),
            **{name: noise(INNER, WIDTH) for name in ("ffn_gate", "ffn_up")},
            "ffn_down": noise(WIDTH, INNER, steady=True),
            **dict.fromkeys(("attn_norm", "ffn_norm"), one),
        }
        found |= {f"blk.{layer}.{name}": numbers for name, numbers in inner.items()}
    return found


if __name__ == "__main__":
    main(sys.argv[1])
