package dev.torc.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

class NearNameTest {
    @ParameterizedTest
    @CsvSource({"a, a, 0", "'', abc, 3", "port, prot, 1", "abcd, acbde, 2", "kitten, sitting, 3"})
    void countsChanges(String from, String to, int changes) {
        assertEquals(changes, NearName.changes(from, to));
        assertEquals(changes, NearName.changes(to, from));
    }

    @Test
    void isTheNearestOrNone() {
        List<String> names = List.of("--port", "--host", "--shards");
        assertEquals(Optional.of("--host"), NearName.of("--hots", names));
        assertEquals(Optional.of("--shards"), NearName.of("--shard", names));
        assertEquals(Optional.empty(), NearName.of("--verbose", names));
        assertEquals(Optional.empty(), NearName.of("", names));
    }
}
