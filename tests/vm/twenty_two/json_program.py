"""json: both codecs in pure Python, hooks, errors."""

import json
import json.decoder
import json.encoder
import json.scanner

json.encoder.c_make_encoder = None
data = {"a": [1, 2.5, None, True, {"b": "é\n"}], "c": {}, "d": []}
text = json.dumps(data, indent=2, sort_keys=True)
print(text, json.loads(text) == data)
json.decoder.scanstring = json.decoder.py_scanstring
decoder = json.JSONDecoder(object_pairs_hook=list, parse_float=str)
decoder.parse_string = json.decoder.py_scanstring
decoder.scan_once = json.scanner.py_make_scanner(decoder)
print(decoder.decode(text))
print(json.dumps({1: {2, 3}}, default=sorted), json.dumps("x", separators=(",", ":")))
try:
    json.loads('{"a": [1, 2')
except json.JSONDecodeError as error:
    print(error, error.pos)
try:
    json.dumps(data | {"x": object})
except TypeError as error:
    print(error)
