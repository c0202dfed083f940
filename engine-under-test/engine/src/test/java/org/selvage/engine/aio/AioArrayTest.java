package org.selvage.engine.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.selvage.engine.EngineException;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AioArrayTest {
    private static final AioFile INSTANT =
            new AioFile() {
                @Override
                public void read(ByteBuffer buffer, long offset) {
                    buffer.position(buffer.limit());
                }

                @Override
                public void write(ByteBuffer buffer, long offset) throws IOException {
                    throw new IOException("disk full");
                }
            };

    private static void submit(AioArray array, long offset) {
        array.submit(IoType.READ, INSTANT, offset, ByteBuffer.allocate(512), offset);
    }

    private static AioResult next(AioArray array, int segment) {
        AioResult result = array.waitForCompletion(segment);
        assertThat(result).isNotNull();
        return java.util.Objects.requireNonNull(result);
    }

    @Test
    void handlerTakesTheLowestOffsetFirst() {
        AioArray array = new AioArray("read", 1, 8, 512);
        for (long offset : new long[] {3072, 512, 2048}) {
            submit(array, offset);
        }
        List<Object> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            order.add(next(array, 0).message());
        }
        assertThat(order).containsExactly(512L, 2048L, 3072L);
    }

    @Test
    void runsOf64PagesGoToTheirSegment() {
        AioArray array = new AioArray("read", 2, 2, 512);
        submit(array, 64 * 512);
        submit(array, 0);
        assertThat(next(array, 1).message()).isEqualTo(64L * 512);
        assertThat(next(array, 0).message()).isEqualTo(0L);
    }

    @Test
    void fullSegmentOverflowsIntoTheNext() {
        AioArray array = new AioArray("read", 2, 2, 512);
        for (int page = 0; page < 3; page++) {
            submit(array, page * 512L);
        }
        assertThat(next(array, 1).message()).isEqualTo(1024L);
    }

    @Test
    void submitterWaitsWhileAllSlotsAreTaken() throws InterruptedException {
        AioArray array = new AioArray("read", 1, 2, 512);
        FailureBox failures = new FailureBox();
        submit(array, 0);
        submit(array, 512);
        AtomicInteger submitted = new AtomicInteger();
        Runnable body =
                () -> {
                    submit(array, 1024);
                    submitted.incrementAndGet();
                };
        Thread first = LowerFloor.start("first", failures, body);
        Thread second = LowerFloor.start("second", failures, body);
        LowerFloor.await(() -> array.stats().slotWaits() >= 2);
        assertThat(submitted).hasValue(0);
        assertThat(array.stats().pending()).isEqualTo(2);
        for (int i = 0; i < 4; i++) {
            next(array, 0);
        }
        failures.join(first, second);
        assertThat(submitted).hasValue(2);
        assertThat(array.stats()).isEqualTo(statsOf(array, 4));
    }

    private static AioArrayStats statsOf(AioArray array, long requests) {
        return new AioArrayStats(2, 0, requests, requests, array.stats().slotWaits());
    }

    @Test
    void failedOperationComesBackWithItsErrorAndFreesTheSlot() {
        AioArray array = new AioArray("write", 1, 1, 512);
        array.submit(IoType.WRITE, INSTANT, 512, ByteBuffer.allocate(100), "m");
        AioResult result = next(array, 0);
        assertThat(result.error()).hasMessage("disk full");
        assertThat(result.length()).isEqualTo(100);
        assertThat(array.stats().pending()).isZero();
    }

    @Test
    void shutdownFinishesWhatIsQueuedAndRefusesMore() {
        AioArray array = new AioArray("read", 1, 2, 512);
        submit(array, 0);
        array.shutdown();
        assertThatThrownBy(() -> submit(array, 512))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("array=read");
        assertThat(next(array, 0).message()).isEqualTo(0L);
        assertThat(array.waitForCompletion(0)).isNull();
    }

    @Test
    void manySubmittersAndHandlersLoseNothing() throws InterruptedException {
        AioArray array = new AioArray("read", 3, 2, 512);
        FailureBox failures = new FailureBox();
        ConcurrentHashMap<Object, Boolean> seen = new ConcurrentHashMap<>();
        List<Thread> handlers = new ArrayList<>();
        for (int segment = 0; segment < 3; segment++) {
            int own = segment;
            handlers.add(LowerFloor.start("handler", failures, () -> handle(array, own, seen)));
        }
        List<Thread> submitters = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            int base = s * 5000;
            submitters.add(LowerFloor.start("submitter", failures, () -> submitMany(array, base)));
        }
        failures.join(submitters.toArray(Thread[]::new));
        array.shutdown();
        failures.join(handlers.toArray(Thread[]::new));
        assertThat(seen).hasSize(20_000);
        assertThat(array.stats().pending()).isZero();
        assertThat(array.stats().completed()).isEqualTo(20_000);
    }

    private static void submitMany(AioArray array, int base) {
        for (int i = 0; i < 5000; i++) {
            submit(array, (base + i) * 512L);
        }
    }

    private static void handle(
            AioArray array, int segment, ConcurrentHashMap<Object, Boolean> seen) {
        @Nullable AioResult result = array.waitForCompletion(segment);
        while (result != null) {
            assertThat(seen.put(result.message(), true)).isNull();
            result = array.waitForCompletion(segment);
        }
    }
}
