package programs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.*;
import java.util.function.IntSupplier;

/**
 * Atomic variables: updates in one step are never lost, a read followed by a write may lose one.
 */
public final class Atomics {
    private static final AtomicIntegerFieldUpdater<Atomics> INT =
            AtomicIntegerFieldUpdater.newUpdater(Atomics.class, "number");
    private static final AtomicLongFieldUpdater<Atomics> LONG =
            AtomicLongFieldUpdater.newUpdater(Atomics.class, "wide");
    private static final AtomicReferenceFieldUpdater<Atomics, String> REF =
            AtomicReferenceFieldUpdater.newUpdater(Atomics.class, String.class, "text");
    private static final VarHandle HANDLE = handle();

    private volatile int number;
    private volatile long wide;
    private volatile String text = "";

    private Atomics() {}

    private static VarHandle handle() {
        try {
            return MethodHandles.lookup().findVarHandle(Atomics.class, "number", int.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two tasks, no update lost. */
    public static String atomicInteger() throws InterruptedException {
        AtomicInteger a = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    a.incrementAndGet();
                    a.getAndAdd(2);
                    a.updateAndGet(x -> x + 3);
                    a.accumulateAndGet(4, Integer::sum);
                };
        Tasks.run(body, body);
        return "" + a.get();
    }

    /** Two tasks, no update lost. */
    public static String atomicLong() throws InterruptedException {
        AtomicLong a = new AtomicLong();
        Tasks.Body body =
                () -> {
                    a.getAndIncrement();
                    a.addAndGet(2);
                    a.getAndUpdate(x -> x + 3);
                    a.getAndAccumulate(4, Long::sum);
                };
        Tasks.run(body, body);
        return "" + a.get();
    }

    /** Two tasks, no update lost. */
    public static String atomicBoolean() throws InterruptedException {
        AtomicBoolean a = new AtomicBoolean();
        AtomicInteger won = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    if (a.compareAndSet(false, true)) {
                        won.incrementAndGet();
                    }
                };
        Tasks.run(body, body);
        return won + " " + a.get();
    }

    /** Two tasks, no update lost. */
    public static String atomicReference() throws InterruptedException {
        AtomicReference<String> a = new AtomicReference<>("");
        Tasks.Body body =
                () -> {
                    a.updateAndGet(s -> s + "x");
                    a.accumulateAndGet("y", String::concat);
                };
        Tasks.run(body, body);
        return "" + a.get().length();
    }

    /** Two tasks, no update lost. */
    public static String atomicIntegerArray() throws InterruptedException {
        AtomicIntegerArray a = new AtomicIntegerArray(2);
        Tasks.Body body =
                () -> {
                    a.incrementAndGet(0);
                    a.addAndGet(1, 2);
                };
        Tasks.run(body, body);
        return a.get(0) + " " + a.get(1);
    }

    /** Two tasks, no update lost. */
    public static String atomicLongArray() throws InterruptedException {
        AtomicLongArray a = new AtomicLongArray(2);
        Tasks.Body body =
                () -> {
                    a.incrementAndGet(0);
                    a.addAndGet(1, 2);
                };
        Tasks.run(body, body);
        return a.get(0) + " " + a.get(1);
    }

    /** Two tasks, no update lost. */
    public static String atomicReferenceArray() throws InterruptedException {
        AtomicReferenceArray<String> a = new AtomicReferenceArray<>(new String[] {""});
        Tasks.Body body =
                () -> {
                    a.updateAndGet(0, s -> s + "x");
                };
        Tasks.run(body, body);
        return "" + a.get(0);
    }

    /** Two tasks, no update lost. */
    public static String integerFieldUpdater() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    INT.incrementAndGet(a);
                    INT.compareAndSet(a, -1, 0);
                };
        Tasks.run(body, body);
        return "" + a.number;
    }

    /** Two tasks, no update lost. */
    public static String longFieldUpdater() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    LONG.addAndGet(a, 5L);
                };
        Tasks.run(body, body);
        return "" + a.wide;
    }

    /** Two tasks, no update lost. */
    public static String referenceFieldUpdater() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    REF.updateAndGet(a, s -> s + "x");
                };
        Tasks.run(body, body);
        return a.text;
    }

    /** Two tasks, no update lost. */
    public static String markableReference() throws InterruptedException {
        AtomicMarkableReference<String> a = new AtomicMarkableReference<>("a", false);
        AtomicInteger won = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    if (a.compareAndSet("a", "a", false, true)) {
                        won.incrementAndGet();
                    }
                };
        Tasks.run(body, body);
        return won + " " + a.isMarked();
    }

    /** Two tasks, no update lost. */
    public static String stampedReference() throws InterruptedException {
        AtomicStampedReference<String> a = new AtomicStampedReference<>("a", 0);
        Tasks.Body body =
                () -> {
                    int[] stamp = new int[1];
                    String s;
                    do {
                        s = a.get(stamp);
                    } while (!a.compareAndSet(s, s, stamp[0], stamp[0] + 1));
                };
        Tasks.run(body, body);
        return "" + a.getStamp();
    }

    /** Two tasks, no update lost. */
    public static String longAdder() throws InterruptedException {
        LongAdder a = new LongAdder();
        Tasks.Body body =
                () -> {
                    a.increment();
                    a.add(2);
                };
        Tasks.run(body, body);
        return "" + a.sum();
    }

    /** Two tasks, no update lost. */
    public static String doubleAdder() throws InterruptedException {
        DoubleAdder a = new DoubleAdder();
        Tasks.Body body =
                () -> {
                    a.add(0.5);
                };
        Tasks.run(body, body);
        return "" + a.sum();
    }

    /** Two tasks, no update lost. */
    public static String longAccumulator() throws InterruptedException {
        LongAccumulator a = new LongAccumulator(Long::max, 0);
        Tasks.Body body =
                () -> {
                    a.accumulate(Thread.currentThread().getName().equals("t0") ? 3 : 4);
                };
        Tasks.run(body, body);
        return "" + a.get();
    }

    /** Two tasks, no update lost. */
    public static String doubleAccumulator() throws InterruptedException {
        DoubleAccumulator a = new DoubleAccumulator(Double::sum, 0);
        Tasks.Body body =
                () -> {
                    a.accumulate(0.25);
                };
        Tasks.run(body, body);
        return "" + a.get();
    }

    /** Two tasks, no update lost. */
    public static String varHandle() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    int seen;
                    do {
                        seen = (int) HANDLE.getVolatile(a);
                    } while (!HANDLE.compareAndSet(a, seen, seen + 1));
                    HANDLE.getAndAdd(a, 2);
                };
        Tasks.run(body, body);
        return "" + a.number;
    }

    /** Two tasks, an update may be lost. */
    public static String lostAtomicInteger() throws InterruptedException {
        AtomicInteger a = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    int seen = a.get();
                    a.set(seen + 1);
                };
        Tasks.run(body, body);
        return "" + a.get();
    }

    /** Two tasks, an update may be lost. */
    public static String lostAtomicLong() throws InterruptedException {
        AtomicLong a = new AtomicLong();
        Tasks.Body body =
                () -> {
                    long seen = a.get();
                    a.lazySet(seen + 1);
                };
        Tasks.run(body, body);
        return "" + a.get();
    }

    /** Two tasks, an update may be lost. */
    public static String lostAtomicReference() throws InterruptedException {
        AtomicReference<Integer> a = new AtomicReference<>(0);
        Tasks.Body body =
                () -> {
                    int seen = a.getAcquire();
                    a.setRelease(seen + 1);
                };
        Tasks.run(body, body);
        return "" + a.get();
    }

    /** Two tasks, an update may be lost. */
    public static String lostAtomicIntegerArray() throws InterruptedException {
        AtomicIntegerArray a = new AtomicIntegerArray(1);
        Tasks.Body body =
                () -> {
                    int seen = a.get(0);
                    a.set(0, seen + 1);
                };
        Tasks.run(body, body);
        return "" + a.get(0);
    }

    /** Two tasks, an update may be lost. */
    public static String lostVolatileInt() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    a.number = a.number + 1;
                };
        Tasks.run(body, body);
        return "" + a.number;
    }

    /** Two tasks, an update may be lost. */
    public static String lostVolatileLong() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    a.wide++;
                };
        Tasks.run(body, body);
        return "" + a.wide;
    }

    /** Two tasks, an update may be lost. */
    public static String lostVolatileReference() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    a.text = a.text + "x";
                };
        Tasks.run(body, body);
        return "" + a.text.length();
    }

    /** Two tasks, an update may be lost. */
    public static String lostFieldUpdater() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    int seen = INT.get(a);
                    INT.set(a, seen + 1);
                };
        Tasks.run(body, body);
        return "" + a.number;
    }

    /** Two tasks, an update may be lost. */
    public static String lostVarHandle() throws InterruptedException {
        Atomics a = new Atomics();
        Tasks.Body body =
                () -> {
                    int seen = (int) HANDLE.getAcquire(a);
                    HANDLE.setRelease(a, seen + 1);
                };
        Tasks.run(body, body);
        return "" + a.number;
    }

    /** Two tasks, an update may be lost. */
    public static String lostMethodReference() throws InterruptedException {
        AtomicInteger a = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    IntSupplier get = a::get;
                    java.util.function.IntConsumer set = a::set;
                    set.accept(get.getAsInt() + 1);
                };
        Tasks.run(body, body);
        return "" + a.get();
    }

    /** Two tasks, an update may be lost. */
    public static String lostLongAdder() throws InterruptedException {
        LongAdder a = new LongAdder();
        LongAdder b = new LongAdder();
        Tasks.Body body =
                () -> {
                    long seen = a.sum();
                    a.add(1);
                    if (seen == 0) {
                        b.increment();
                    }
                };
        Tasks.run(body, body);
        return "" + (3 - b.sum());
    }

    /** References to atomic methods, bound and unbound, in one step. */
    public static String methodReferences() throws InterruptedException {
        AtomicInteger a = new AtomicInteger();
        java.util.function.ToIntFunction<AtomicInteger> unbound = AtomicInteger::incrementAndGet;
        java.util.function.Supplier<AtomicInteger> maker = AtomicInteger::new;
        Tasks.run(a::incrementAndGet, () -> unbound.applyAsInt(a), maker::get);
        return "" + a.get();
    }

    /** References to the methods of locks. */
    public static String lockReferences() throws InterruptedException {
        java.util.concurrent.locks.ReentrantLock lock =
                new java.util.concurrent.locks.ReentrantLock();
        int[] value = {0};
        Runnable enter = lock::lock;
        Runnable leave = lock::unlock;
        Tasks.Body body =
                () -> {
                    enter.run();
                    int seen = value[0];
                    Thread.yield();
                    value[0] = seen + 1;
                    leave.run();
                };
        Tasks.run(body, body);
        return "" + value[0];
    }

    private int plain;
    private volatile boolean published;

    /** What is written before a volatile write is seen after it is read. */
    public static String publication() throws InterruptedException {
        Atomics a = new Atomics();
        String[] seen = {""};
        Tasks.run(
                () -> {
                    a.plain = 1;
                    a.published = true;
                },
                () -> {
                    boolean published = a.published;
                    seen[0] = published + "" + (published ? a.plain : 1);
                });
        return seen[0];
    }
}
