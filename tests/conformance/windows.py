"""What Kafka Streams counts in windows over generated streams: topologies under TopologyTestDriver, no broker."""

import tempfile
from random import Random

import jpype

STREAMS = 200
RETENTION_MS = 86_400_000
KEYS = ("a", "b", "aa", "é", "東", "😀", "\ufffd")


def record() -> dict:
    """`{retentionMs, streams: [{params, log, result}]}`.

    `log` is a list of `[time, key, 1 or null]`; `result` is that of the model `windowing`, without stream time, which
    the driver does not tell. An entry of `emitted` or `windows` is `[key, start, end, count]`; a count of null takes a
    window away.
    """
    random = Random("windows")
    return {"retentionMs": RETENTION_MS, "streams": [draw(random, number) for number in range(STREAMS)]}


def draw(random: Random, number: int) -> dict:
    """One stream and its settings; kinds and ways to emit take turns, so that each pair comes often."""
    size = random.choice([1, 5, 10, 12, 20, 50])
    params = {
        "kind": ("tumbling", "hopping", "session")[number % 3],
        "sizeMs": size,
        "advanceMs": random.randint(1, size),
        "gapMs": random.choice([1, 3, 5, 10, 20]),
        "graceMs": random.choice([0, 0, 1, 5, 20, 100]),
        "emit": ("update", "final")[number // 3 % 2],
    }
    keys = random.sample(KEYS, random.randint(1, 4))
    log, clock = [], random.choice([0, 0, 7, 1000])
    for _ in range(random.randint(4, 30)):
        clock += random.choice([0, 1, 1, 3, 5, 12, random.randint(0, 60)])
        is_late = random.random() < 0.3
        time = max(0, clock - random.randint(1, 40)) if is_late else clock
        key = None if random.random() < 0.06 else random.choice(keys)
        log.append([time, key, None if random.random() < 0.08 else 1])
    return {"params": params, "log": log, "result": play(params, log)}


def play(params: dict, log: list) -> dict:
    with Driver(params) as driver:
        dropped = [offset for offset, each in enumerate(log) if driver.put(*each)]
        keys = {key for _, key, _ in log if key is not None}
        return {"dropped": dropped, "emitted": driver.emitted(), "windows": driver.windows(keys)}


class Driver:
    """A stream counted by key and window, record by record, each change or each closing on its own."""

    def __init__(self, params: dict):
        self._streams = jpype.JPackage("org").apache.kafka.streams
        self._is_session = params["kind"] == "session"
        self._windows = self._windows_of(params)
        self._directory = tempfile.TemporaryDirectory()
        self._driver = self._streams.TopologyTestDriver(self._topology(params), self._settings())
        serdes = jpype.JClass("org.apache.kafka.common.serialization.Serdes")
        text, number = serdes.String(), serdes.Long()
        self._input = self._driver.createInputTopic("in", text.serializer(), text.serializer())
        self._output = self._driver.createOutputTopic("out", self._keys(params).deserializer(), number.deserializer())
        self._refusals = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._driver.close()
        self._directory.cleanup()

    def _windows_of(self, params: dict):
        span = jpype.JClass("java.time.Duration").ofMillis
        kinds = self._streams.kstream
        grace = span(params["graceMs"])
        if self._is_session:
            return kinds.SessionWindows.ofInactivityGapAndGrace(span(params["gapMs"]), grace)
        windows = kinds.TimeWindows.ofSizeAndGrace(span(params["sizeMs"]), grace)
        return windows.advanceBy(span(params["advanceMs"])) if params["kind"] == "hopping" else windows

    def _topology(self, params: dict):
        kstream = self._streams.kstream
        serdes = jpype.JClass("org.apache.kafka.common.serialization.Serdes")
        text, number = serdes.String(), serdes.Long()
        way = (
            kstream.EmitStrategy.onWindowClose() if params["emit"] == "final" else kstream.EmitStrategy.onWindowUpdate()
        )
        store = kstream.Materialized.as_("counts").withKeySerde(text).withValueSerde(number).withCachingDisabled()
        store = store.withRetention(jpype.JClass("java.time.Duration").ofMillis(RETENTION_MS))
        builder = self._streams.StreamsBuilder()
        grouped = builder.stream("in", kstream.Consumed.with_(text, text)).groupByKey()
        counted = grouped.windowedBy(self._windows).emitStrategy(way).count(store)
        counted.toStream().to("out", kstream.Produced.with_(self._keys(params), number))
        return builder.build()

    def _keys(self, params: dict):
        of_text = jpype.JClass("java.lang.String").class_
        serdes = self._streams.kstream.WindowedSerdes
        if self._is_session:
            return serdes.sessionWindowedSerdeFrom(of_text)
        return serdes.timeWindowedSerdeFrom(of_text, params["sizeMs"])

    def _settings(self):
        properties = jpype.JClass("java.util.Properties")()
        properties.setProperty("application.id", "windows")
        properties.setProperty("bootstrap.servers", "nowhere:1")
        properties.setProperty("state.dir", self._directory.name)
        # Otherwise results go on once a second of the wall clock, which stands still here.
        properties.setProperty("__emit.interval.ms.kstreams.windowed.aggregation__", "0")
        return properties

    def put(self, time: int, key: str | None, value: int | None) -> bool:
        """Hand in a record; whether nothing counted it."""
        text = jpype.JClass("java.lang.String")
        self._input.pipeInput(jpype.JObject(key, text), jpype.JObject(value and "v", text), time)
        before, self._refusals = self._refusals, self._count_refusals()
        refused = self._refusals - before
        if key is None or self._is_session:
            return refused == 1
        return refused == self._windows.windowsFor(time).size()

    def _count_refusals(self) -> int:
        """How many records and windows have been passed over, by Kafka's own metric."""
        metrics = self._driver.metrics()
        return sum(
            int(metrics.get(name).metricValue()) for name in metrics.keySet() if name.name() == "dropped-records-total"
        )

    def emitted(self) -> list:
        """What has gone downstream, in this order."""
        return [entry(pair.key, pair.value) for pair in self._output.readKeyValuesToList()]

    def windows(self, keys: set) -> list:
        """The table as it stands, by end, start and key."""
        if self._is_session:
            store = self._driver.getSessionStore("counts")
            found = [entry(pair.key, pair.value) for key in keys for pair in store.fetch(key)]
        else:
            store = self._driver.getTimestampedWindowStore("counts")
            found = [entry(pair.key, pair.value.value()) for pair in store.all()]
        return sorted(found, key=lambda each: (each[2], each[1], each[0].encode()))


def entry(windowed, count) -> list:
    window = windowed.window()
    return [str(windowed.key()), int(window.start()), int(window.end()), None if count is None else int(count)]
