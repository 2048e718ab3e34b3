package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.TransportProvider.Verdict;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// More clients than the process may have descriptors. The nio transport finds that out when it
/// accepts (`EMFILE`), the io_uring transport when it asks for its table of direct descriptors.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorShortageTest {
    private static final int DESCRIPTORS = 100;
    private static final int CLIENTS = 150;
    private static final long PAUSE_NANOS = 20_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"uring", "nio"})
    void someAreServedOthersWaitAndNothingSpins(String transport, @TempDir Path directory)
            throws Exception {
        Verdict verdict = Network.loopback(transport).transport().verdict();
        assumeTrue(verdict.works(), verdict.reason());
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to lower the limit with");
        Path errors = directory.resolve("errors.txt");
        List<Client> clients = new ArrayList<>();
        try (CrowdedServer server = CrowdedServer.start(transport, DESCRIPTORS, errors.toFile())) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port);
            for (int i = 0; i < CLIENTS; i++) clients.add(new Client(new Socket(), address, 0));
            long fewest = transport.equals("nio") ? 5 : 1;
            Await.until("accepting pauses", () -> server.state().pauses() >= fewest);
            expectEcho(clients.getFirst());
            assertPausesAreLong(server, transport.equals("nio") ? 5 : 0);
            long open = server.state().open();
            assertTrue(open >= 20 && open <= DESCRIPTORS, "open=" + open);
            for (Client client : clients) {
                expectEcho(client);
                client.close();
            }
            Await.until("all are gone", () -> server.state().open() == 0);
            assertEquals(CLIENTS + 1, server.state().accepted()); // and its own
        } finally {
            for (Client client : clients) client.close();
        }
    }

    /// The next `count` tries are as far apart as they should be.
    private static void assertPausesAreLong(CrowdedServer server, int count) {
        long start = System.nanoTime();
        long before = server.state().pauses();
        Await.until("more tries", () -> server.state().pauses() >= before + count);
        long tries = server.state().pauses() - before;
        long elapsed = System.nanoTime() - start;
        assertTrue(tries <= elapsed / PAUSE_NANOS + 1, tries + " tries in " + elapsed + " ns");
    }

    private static void expectEcho(Client client) {
        client.write(Client.pattern(0, 10));
        client.expectPattern(0, 10);
    }
}
