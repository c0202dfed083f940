package org.selvage.disk;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Plain threads on one disk made for them. */
class ThreadSafeDiskTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 3000;

    private final SimulatedDisk disk =
            new SimulatedDisk(DiskImage.empty(), DiskListener.NONE, true);

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void inThreads(Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                Callable<Object> task =
                        () -> {
                            start.await();
                            work.run(thread);
                            return thread;
                        };
                running.add(executor.submit(task));
            }
            for (Future<?> future : running) {
                future.get();
            }
        }
    }

    @Test
    void appendsNeverOverlap() throws Exception {
        Path log = disk.path("/log");
        inThreads(thread -> {
            byte[] record = new byte[7];
            Arrays.fill(record, (byte) thread);
            try (FileChannel channel = FileChannel.open(log, CREATE, APPEND)) {
                for (int i = 0; i < ROUNDS; i++) {
                    channel.write(ByteBuffer.wrap(record));
                }
            }
        });
        byte[] bytes = Files.readAllBytes(log);
        assertThat(bytes).hasSize(THREADS * ROUNDS * 7);
        int[] records = new int[THREADS];
        for (int at = 0; at < bytes.length; at += 7) {
            for (int i = 1; i < 7; i++) {
                assertThat(bytes[at + i]).isEqualTo(bytes[at]);
            }
            records[bytes[at]]++;
        }
        assertThat(records).containsOnly(ROUNDS);
    }

    @Test
    void relativeWritesOfASharedChannelNeverOverlap() throws Exception {
        try (FileChannel shared = FileChannel.open(disk.path("/shared"), CREATE, WRITE)) {
            inThreads(thread -> {
                for (int i = 0; i < ROUNDS; i++) {
                    shared.write(ByteBuffer.allocate(3));
                }
            });
            assertThat(shared.size()).isEqualTo(THREADS * ROUNDS * 3L);
        }
    }

    @Test
    void aDirectoryTakesManyWritersAndImages() throws Exception {
        AtomicBoolean torn = new AtomicBoolean();
        inThreads(thread -> {
            for (int i = 0; i < ROUNDS / 4; i++) {
                Path file = disk.path("/t" + thread + "-" + i);
                Files.write(file, new byte[] {1, 2, 3});
                if (i % 3 == 0) {
                    Files.delete(file);
                }
                if (i % 50 == 0) {
                    SimulatedDisk seen = new SimulatedDisk(disk.image(), DiskListener.NONE);
                    torn.compareAndSet(false, Files.exists(seen.path("/t" + thread + "-0")));
                }
            }
        });
        assertThat(torn).isFalse();
        assertThat(disk.image().fileCount()).isEqualTo(THREADS * (ROUNDS / 4) * 2 / 3);
    }
}
