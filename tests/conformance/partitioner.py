"""Hashes and partitions of keys in many scripts, from Utils.murmur2 and BuiltInPartitioner."""

from random import Random

import jpype

COUNTS = (1, 2, 3, 4, 5, 6, 8, 12)
# Kafka's own test cases, what the dictionary's logs use, and what breaks a careless encoder.
KNOWN = (
    *("21", "foobar", "a-little-bit-long-string", "a-little-bit-longer-string"),
    *("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", "abc", "", " ", "\n", "\0", "null", "é", "e\u0301", "ﬁ"),
    *(f"order-{number}" for number in range(1, 21)),
    *(f"customer-{number}" for number in range(1, 6)),
    *("注文", "👩‍👩‍👧‍👦", "🇪🇺", "Z͑ͫ̓ͪ̂a̴̵l̷g̸o", "\u200b", "\ufeff", "\U0010ffff", "\uffff", "\x7f", "\x80"),
    *("x" * length for length in (255, 1000, 4097)),
    "ordre-né-à-Noël" * 40,
)
SCRIPTS = (
    *("abcdefghijklmnopqrstuvwxyz0123456789-_", "äöüßéèêëçñøåæ", "абвгдежзийклмнопрст", "αβγδεζηθικλμνξοπρσ"),
    *("אבגדהוזחטיכלמנסעפצקרשת", "ابتثجحخدذرزسشصضطظعغ", "अआइईउऊकखगघचछजझटठ", "กขคงจฉชซญดตถทธนบป"),
    *("日本語注文顧客商品支払発送", "가나다라마바사아자차카타파하", "აბგდევზთიკლმნოპ", "ԱԲԳԴԵԶԷԸԹԺԻԼ", "ሀለሐመሠረሰሸቀበተቸ"),
    *("😀🚀📦🧾💶🏠🔥🎉👍🏽", "a\u0300\u0301\u0302\u0308\u0327e", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢𐍈𐎀"),
)
EACH = 34


def record() -> dict:
    """`{murmur2: [{key, hash, partition: {count: partition}}]}`."""
    random = Random("keys")
    drawn = [
        "".join(random.choice(script) for _ in range(random.randint(1, 24))) for script in SCRIPTS for _ in range(EACH)
    ]
    murmur2 = jpype.JClass("org.apache.kafka.common.utils.Utils").murmur2
    partition = jpype.JClass("org.apache.kafka.clients.producer.internals.BuiltInPartitioner").partitionForKey
    return {
        "murmur2": [
            {
                "key": key,
                "hash": int(murmur2(key.encode())),
                "partition": {str(count): int(partition(key.encode(), count)) for count in COUNTS},
            }
            for key in dict.fromkeys((*KNOWN, *drawn))
        ]
    }
