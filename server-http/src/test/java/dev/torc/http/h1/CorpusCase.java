package dev.torc.http.h1;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// One line of the conformance corpus: what a client sends and what is expected of a server.
///
/// @param steps parts of the bytes that are sent on their own, most often one
/// @param methods of the requests in order, as far as they are not GET or alike
/// @param expect the verdict, as the corpus has it
record CorpusCase(
        String id,
        String rationale,
        List<Step> steps,
        List<String> methods,
        Map<String, @Nullable Object> expect) {
    /// Some bytes, a char each, that may have to wait for `100 Continue`.
    record Step(String text, boolean waitsForContinue) {}

    static List<CorpusCase> readAll() {
        try (var input = CorpusCase.class.getResourceAsStream("/conformance/public.jsonl")) {
            String text =
                    new String(
                            Objects.requireNonNull(input).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().map(CorpusCase::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static CorpusCase of(String line) {
        var json = (Map<String, @Nullable Object>) Objects.requireNonNull(Json.read(line));
        var given = (List<Map<String, @Nullable Object>>) json.getOrDefault("steps", List.of(json));
        List<Step> steps = new ArrayList<>();
        for (var step : Objects.requireNonNull(given)) {
            steps.add(new Step(raw(step), "100".equals(step.get("wait"))));
        }
        return new CorpusCase(
                (String) Objects.requireNonNull(json.get("id")),
                (String) Objects.requireNonNull(json.get("rationale")),
                steps,
                (List<String>) Objects.requireNonNull(json.getOrDefault("methods", List.of())),
                (Map<String, @Nullable Object>) Objects.requireNonNull(json.get("expect")));
    }

    private static String raw(Map<String, @Nullable Object> step) {
        String plain = (String) step.get("raw_base64");
        String zipped = (String) step.get("raw_zlib_base64");
        byte[] bytes =
                zipped == null
                        ? Base64.getDecoder().decode(Objects.requireNonNull(plain))
                        : inflate(Base64.getDecoder().decode(zipped));
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("{HOST}", "127.0.0.1:8080")
                .replace("{ECHO}", "/echo")
                .replace("{STATIC}", "/static");
    }

    private static byte[] inflate(byte[] zipped) {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(zipped);
            byte[] block = new byte[1 << 16];
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (!inflater.finished()) bytes.write(block, 0, inflater.inflate(block));
            return bytes.toByteArray();
        } catch (DataFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /// All that is sent, one char a byte.
    String text() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) text.append(step.text());
        return text.toString();
    }

    byte[] bytes() {
        return text().getBytes(StandardCharsets.ISO_8859_1);
    }

    String kind() {
        return (String) Objects.requireNonNull(expect.get("kind"));
    }

    /// For a case that may go either way: the branch that a strict server takes.
    String preferred() {
        return (String) Objects.requireNonNullElse(expect.get("prefer"), kind());
    }

    /// How many responses follow from accepting, or -1 if that is left open.
    int responses() {
        return expect.get("responses") instanceof Double count ? count.intValue() : -1;
    }

    /// The body that response `index` echoes, or null if that is not checked.
    @Nullable String echo(int index) {
        Object echo = expect.get("body_echo");
        if (echo instanceof List<?> list)
            return index < list.size() ? (String) list.get(index) : null;
        return index == 0 ? (String) echo : null;
    }

    /// Whether the connection must be closed, or kept; null if that is left open.
    @Nullable Boolean closes() {
        return (Boolean) expect.get("close");
    }

    boolean mayPrecede(int requests) {
        int least = number("pre", 0);
        return requests >= least && requests <= number("pre_max", least);
    }

    boolean allowsRefusal(int status) {
        return isIn(refusals(), status);
    }

    /// Whether closing without an answer is a refusal, too.
    boolean allowsSilentRefusal() {
        return ((List<?>) Objects.requireNonNull(refusals())).contains("close");
    }

    private @Nullable Object refusals() {
        return expect.getOrDefault("reject_statuses", expect.get("statuses"));
    }

    /// Whether a server that accepts everything may answer request `index` with this status.
    boolean allowsFinalAnswer(int index, int status) {
        if (saysOfEach(index)) return allowsAnswer(index, status);
        Object otherwise = kind().equals("accept") ? expect.get("statuses") : List.of("2xx");
        return isIn(expect.getOrDefault("accept_statuses", otherwise), status);
    }

    /// Whether request `index`, ahead of one that is refused, may be answered with this status.
    boolean allowsEarlierAnswer(int index, int status) {
        if (saysOfEach(index)) return allowsAnswer(index, status);
        return isIn(List.of("2xx", "3xx", 404.0, 405.0, 501.0), status);
    }

    private boolean saysOfEach(int index) {
        return expect.get("each") instanceof List<?> each && index < each.size();
    }

    /// The interim answers that must be there.
    List<?> interims() {
        return (List<?>) Objects.requireNonNullElse(expect.get("interim"), List.of());
    }

    /// What no body may contain; empty if anything may be.
    String forbiddenText() {
        return (String) Objects.requireNonNullElse(expect.get("body_not"), "");
    }

    /// Whether a server that accepts may answer request `index` with this status.
    boolean allowsAnswer(int index, int status) {
        return expect.get("each") instanceof List<?> each
                && index < each.size()
                && isIn(each.get(index), status);
    }

    private static boolean isIn(@Nullable Object statuses, int status) {
        for (Object one : (List<?>) Objects.requireNonNull(statuses)) {
            boolean same = one instanceof Double code && code.intValue() == status;
            if (same || (status / 100 + "xx").equals(one)) return true;
        }
        return false;
    }

    private int number(String name, int otherwise) {
        return expect.get(name) instanceof Double number ? number.intValue() : otherwise;
    }

    @Override
    public String toString() {
        return id;
    }
}
