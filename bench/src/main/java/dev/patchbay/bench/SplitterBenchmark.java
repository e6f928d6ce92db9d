package dev.patchbay.bench;

import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.delivery.TextSplitter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Texts of several kinds into Telegram's parts of 4,096: one that fits, and two megabytes of each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SplitterBenchmark {
    private static final int LONG_TEXT = 2_000_000;

    @Param({"short", "words", "one-word", "chinese", "emoji", "code"})
    String kind;

    @Param({"UTF16", "UTF8"})
    TextLimit.Unit unit;

    private String text;
    private TextLimit limit;

    /** Writes the text. */
    @Setup
    public void write() {
        limit = new TextLimit(4_096, unit);
        String piece =
                switch (kind) {
                    case "short" -> "A short answer.";
                    case "words" -> "The quick brown fox jumps over the lazy dog. ";
                    case "one-word" -> "x";
                    case "chinese" -> "消息路由系统必须可靠。";
                    case "emoji" -> "👨‍👩‍👧‍👦";
                    case "code" -> "```java\n" + "int answer = 42;\n".repeat(1_000) + "```\n";
                    default -> throw new IllegalArgumentException(kind);
                };
        text = kind.equals("short") ? piece : piece.repeat(LONG_TEXT / piece.length());
    }

    /** All parts of the text. */
    @Benchmark
    public List<String> split() {
        return TextSplitter.split(text, limit);
    }
}
