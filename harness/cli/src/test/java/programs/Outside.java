package programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Programs that use what is not controlled, or use up what there is. */
public final class Outside {
    private static final AtomicInteger SHARED = new AtomicInteger();

    private Outside() {}

    private static void both(Runnable a, Runnable b) throws InterruptedException {
        Thread first = new Thread(a, "first");
        Thread second = new Thread(b, "second");
        first.start();
        second.start();
        first.join();
        second.join();
    }

    /** A real connection, whose both ends one task holds. */
    public static final class Sockets {
        public static void main(String[] arguments) throws Exception {
            both(
                    () -> {
                        try (ServerSocket server =
                                        new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                                Socket client =
                                        new Socket(server.getInetAddress(), server.getLocalPort());
                                Socket accepted = server.accept()) {
                            SHARED.addAndGet(client.getPort() == accepted.getLocalPort() ? 1 : 0);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    SHARED::incrementAndGet);
        }
    }

    /** A real file, and a reference that the collector may clear. */
    public static final class Real {
        public static void main(String[] arguments) throws Exception {
            WeakReference<Object> reference = new WeakReference<>(SHARED);
            both(
                    () -> SHARED.addAndGet(reference.get() == null ? 1 : 2),
                    () -> SHARED.addAndGet(Files.exists(Path.of("nowhere")) ? 1 : 2));
        }
    }

    /** Waits for a process, which another thread of the JDK tells the end of. */
    public static final class Child {
        public static void main(String[] arguments) throws Exception {
            Process process = new ProcessBuilder("cat").start(); // ends when its input does
            both(SHARED::incrementAndGet, SHARED::incrementAndGet);
            process.waitFor();
        }
    }

    /** Uses up the memory. */
    public static final class Memory {
        public static void main(String[] arguments) throws Exception {
            both(
                    () -> {
                        List<Object> kept = new ArrayList<>();
                        while (SHARED.incrementAndGet() > 0) {
                            kept.add(new long[1 << 24]);
                        }
                    },
                    SHARED::incrementAndGet);
        }
    }

    /** Uses up the memory in small pieces, so that nothing is left for anybody. */
    public static final class Pieces {
        public static void main(String[] arguments) throws Exception {
            both(
                    () -> {
                        List<Object> kept = new ArrayList<>();
                        while (true) {
                            kept.add(new byte[64]);
                        }
                    },
                    SHARED::incrementAndGet);
        }
    }

    /** Uses up the memory, and a static variable holds it beyond the end of the execution. */
    public static final class Chain {
        private static Object[] last = {};

        public static void main(String[] arguments) throws Exception {
            both(
                    () -> {
                        while (true) {
                            last = new Object[] {last};
                        }
                    },
                    SHARED::incrementAndGet);
        }
    }

    /** A daemon that polls for ever what nobody sets, while main waits for ever. */
    public static final class Spinning {
        public static void main(String[] arguments) throws Exception {
            Thread spinning = new Thread(() -> spin(), "spinning");
            spinning.setDaemon(true);
            spinning.start();
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            lock.newCondition().await();
        }

        private static void spin() {
            while (SHARED.get() == 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** A daemon that polls for ever; the program ends all the same. */
    public static final class Polling {
        public static void main(String[] arguments) throws Exception {
            Thread polling = new Thread(Spinning::spin, "polling");
            polling.setDaemon(true);
            polling.start();
        }
    }

    /** Runs on without coming to a point. */
    public static final class Endless {
        private static int odd = 1;

        public static void main(String[] arguments) throws Exception {
            both(
                    () -> {
                        int i = odd;
                        while (i != 0) {
                            i += 2;
                        }
                    },
                    () -> {});
        }
    }

    /** Sorts by a function of the C library, whose comparator takes a lock that others want. */
    @SuppressWarnings("restricted")
    public static final class Sorting {
        private static final ReentrantLock LOCK = new ReentrantLock();

        public static void main(String[] arguments) throws Exception {
            both(
                    () -> sort(),
                    () -> {
                        LOCK.lock();
                        SHARED.incrementAndGet();
                        LOCK.unlock();
                    });
        }

        private static void sort() {
            Linker linker = Linker.nativeLinker();
            FunctionDescriptor compare =
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
            try (Arena arena = Arena.ofConfined()) {
                MethodHandle comparator =
                        MethodHandles.lookup()
                                .findStatic(Sorting.class, "compare", compare.toMethodType());
                MethodHandle sort =
                        linker.downcallHandle(
                                linker.defaultLookup().findOrThrow("qsort"),
                                FunctionDescriptor.ofVoid(
                                        ValueLayout.ADDRESS,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.ADDRESS));
                sort.invoke(
                        arena.allocate(16), 4L, 4L, linker.upcallStub(comparator, compare, arena));
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        static int compare(MemorySegment first, MemorySegment second) {
            LOCK.lock();
            try {
                return SHARED.incrementAndGet() & 1;
            } finally {
                LOCK.unlock();
            }
        }
    }
}
