package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.spi.FileStrategy;
import dev.torc.testkit.Await;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/// The contract of files on this machine's own kernel: descriptors.
abstract class KernelFileContract extends FileContract {

    /// Sockets, files, pipes: whatever was there for them.
    @ParameterizedTest
    @EnumSource
    void nothingIsLeftOfTransfersThatWereCutOff(FileStrategy strategy) {
        patternFile("file", 20 * MIB);
        Server server = start(() -> new Sending("file", List.of(new Part(strategy, 0, 20 * MIB))));
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, 20 * MIB);
        }
        awaitOpen(server, 0);
        everyFileIsClosed();
        long before = descriptors();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 8; i++) {
                Client client = connect(server, 4096);
                client.write(new byte[1]);
                client.expectPattern(0, 100_000);
                if (i % 2 == 0) {
                    client.reset();
                } else {
                    client.close();
                }
            }
        }
        awaitOpen(server, 0);
        Await.until("descriptors closed", () -> descriptors() <= before);
        assertTrue(server.stop(Duration.ofSeconds(5)));
        Await.until("the server's, too", () -> descriptors() < before);
    }
}
