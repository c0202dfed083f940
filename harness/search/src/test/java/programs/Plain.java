package programs;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/** Fields that are neither volatile nor final, and arrays. */
public final class Plain {
    private static int counter;
    private static long wide;

    private int value;
    private long longValue;
    private double doubleValue;
    private String text = "";
    private Plain next;
    private volatile boolean flag;
    private boolean ready;

    private Plain() {}

    private static class Base {
        int inherited;
        boolean bit;
        byte small;
    }

    private static final class Derived extends Base {
        char letter = 'a';
        float real;

        void increment() {
            inherited++;
            real += 1;
        }
    }

    /** A field that two tasks increment. */
    public static String field() throws InterruptedException {
        Plain p = new Plain();
        Tasks.run(() -> p.value++, () -> p.value++);
        return "" + p.value;
    }

    /** Fields of two words, and of references. */
    public static String wideFields() throws InterruptedException {
        Plain p = new Plain();
        Tasks.Body body =
                () -> {
                    p.longValue += 1;
                    p.doubleValue = p.doubleValue + 0.5;
                    p.text += "x";
                };
        Tasks.run(body, body);
        return p.longValue + " " + p.doubleValue + " " + p.text.length();
    }

    /** A field of a parent class. */
    public static String inheritedField() throws InterruptedException {
        Derived d = new Derived();
        Tasks.run(d::increment, d::increment);
        return d.inherited + " " + (int) d.real + d.letter + d.bit + d.small;
    }

    /** A static field. */
    public static String staticField() throws InterruptedException {
        counter = 0;
        wide = 0;
        Tasks.Body body =
                () -> {
                    counter++;
                    wide += 2;
                };
        Tasks.run(body, body);
        return counter + " " + wide;
    }

    /** An element of an array. */
    public static String array() throws InterruptedException {
        int[] a = new int[2];
        long[] b = new long[1];
        Tasks.Body body =
                () -> {
                    a[1]++;
                    b[0] += 2;
                };
        Tasks.run(body, body);
        return a[1] + " " + b[0];
    }

    /** Elements of every type are what they were. */
    public static String elements() {
        boolean[] z = {true, false};
        byte[] b = {1, 2};
        char[] c = {'a', 'b'};
        short[] s = {3, 4};
        int[] i = {5, 6};
        long[] l = {7, 8};
        float[] f = {9, 10};
        double[] d = {11, 12};
        String[] t = {"x", "y"};
        int[][] m = new int[2][2];
        z[1] = z[0];
        b[1] += b[0];
        c[1]++;
        s[1] += s[0];
        i[1] <<= i[0];
        l[1] -= l[0];
        f[1] *= f[0];
        d[1] /= d[0];
        t[1] += t[0];
        m[1][0] = m[0][1] + 1;
        return z[1]
                + " "
                + b[1]
                + c[1]
                + s[1]
                + i[1]
                + l[1]
                + (int) f[1]
                + (d[1] > 1)
                + t[1]
                + m[1][0];
    }

    /** An object is handed over through a field without synchronisation: it is seen half made. */
    public static String unsafePublication() throws InterruptedException {
        Plain p = new Plain();
        String[] seen = {"nothing"};
        Tasks.run(
                () -> {
                    Plain made = new Plain();
                    p.next = made;
                    made.value = 1;
                    made.value = 2;
                },
                () -> {
                    Plain got = p.next;
                    if (got != null) {
                        seen[0] = "" + got.value;
                    }
                });
        return seen[0];
    }

    /** Store buffering over plain fields: sequentially consistent outcomes are reached. */
    public static String storeBuffering() throws InterruptedException {
        Plain x = new Plain();
        Plain y = new Plain();
        int[] r = new int[2];
        Tasks.run(
                () -> {
                    x.value = 1;
                    r[0] = y.value;
                },
                () -> {
                    y.value = 1;
                    r[1] = x.value;
                });
        return r[0] + " " + r[1];
    }

    /** Everything is done under a lock: nothing to explore but the lock. */
    public static String underLock() throws InterruptedException {
        Plain p = new Plain();
        ReentrantLock lock = new ReentrantLock();
        int[] cells = new int[1];
        Tasks.Body body =
                () -> {
                    lock.lock();
                    for (int i = 0; i < 10; i++) {
                        p.value++;
                        p.longValue++;
                        cells[0]++;
                    }
                    lock.unlock();
                };
        Tasks.run(body, body, body);
        return p.value + " " + p.longValue + " " + cells[0];
    }

    /** Two locks for two fields of one object. */
    public static String twoLocks() throws InterruptedException {
        Plain p = new Plain();
        Object a = new Object();
        Object b = new Object();
        Tasks.Body body =
                () -> {
                    synchronized (a) {
                        p.value++;
                    }
                    synchronized (b) {
                        p.longValue++;
                    }
                };
        Tasks.run(body, body);
        return p.value + " " + p.longValue;
    }

    /** Handed over by start, join, a volatile flag and a queue. */
    public static String handedOver() throws InterruptedException {
        Plain p = new Plain();
        p.value = 1;
        Thread first =
                Tasks.start(
                        "first",
                        () -> {
                            p.value++;
                            p.text += "x";
                        });
        first.join();
        p.value++;
        BlockingQueue<Plain> queue = new ArrayBlockingQueue<>(1);
        Thread second =
                Tasks.start(
                        "second",
                        () -> {
                            Plain got = queue.take();
                            got.value++;
                            got.flag = true;
                        });
        queue.put(p);
        while (!p.flag) {
            Thread.yield();
        }
        p.value++;
        second.join();
        return "" + p.value;
    }

    /** Each task has its own. */
    public static String unshared() throws InterruptedException {
        Tasks.Body body =
                () -> {
                    Plain own = new Plain();
                    int[] cells = new int[4];
                    for (int i = 0; i < 100; i++) {
                        own.value += i;
                        cells[i % 4] += own.value;
                    }
                    Tasks.check(own.value == 4950, "lost");
                };
        Tasks.run(body, body);
        return "done";
    }

    /** Several read what nobody writes any more. */
    public static String readShared() throws InterruptedException {
        Plain p = new Plain();
        int[] table = {1, 2, 3};
        p.value = 5;
        int[][] sums = new int[3][1];
        Tasks.run(
                () -> sums[0][0] = p.value + table[0],
                () -> sums[1][0] = p.value + table[1],
                () -> sums[2][0] = p.value + table[2]);
        return sums[0][0] + " " + sums[1][0] + " " + sums[2][0];
    }

    /** Several have read what is written once they all have ended. */
    public static String readSharedThenWritten() throws InterruptedException {
        Plain p = new Plain();
        int[] table = {1, 2};
        p.value = 5;
        int[][] sums = new int[2][1];
        Tasks.run(() -> sums[0][0] = p.value + table[0], () -> sums[1][0] = p.value + table[0]);
        p.value++;
        table[0]++;
        return sums[0][0] + " " + sums[1][0] + " " + p.value + " " + table[0];
    }

    /** Of two that read, only one is known to have done so when it is written. */
    public static String writtenAsOneOfTwoReads() throws InterruptedException {
        Plain p = new Plain();
        int[] seen = new int[2];
        Thread early = new Thread(() -> seen[0] = p.value);
        Thread late = new Thread(() -> seen[1] = p.value);
        early.start();
        late.start();
        early.join();
        p.value = 5;
        late.join();
        return seen[0] + " " + seen[1];
    }

    /** A loop that waits for a plain field lets the others run. */
    public static String spin() throws InterruptedException {
        Plain p = new Plain();
        Tasks.run(
                () -> {
                    while (!p.ready) {
                        // waits
                    }
                },
                () -> {
                    Thread.sleep(10);
                    p.ready = true;
                });
        return "done";
    }

    /** A loop that does nothing but compute does not stop the search. */
    public static String endless() throws InterruptedException {
        Thread thread =
                new Thread(() -> {
                    int i = 0;
                    while (i >= 0) {
                        i = (i + 1) & 0xffff;
                    }
                });
        thread.setDaemon(true);
        thread.start();
        Thread.yield();
        return "done";
    }

    /** The lazy singleton that is checked twice, without volatile. */
    public static String doubleChecked() throws InterruptedException {
        Plain holder = new Plain();
        int[] made = {0};
        Tasks.Body body =
                () -> {
                    if (holder.next == null) {
                        synchronized (holder) {
                            if (holder.next == null) {
                                Plain fresh = new Plain();
                                holder.next = fresh;
                                fresh.value = 42;
                                made[0]++;
                            }
                        }
                    }
                    Tasks.check(holder.next.value == 42, "half made");
                };
        Tasks.run(body, body);
        return "" + made[0];
    }

    /** Each element has a lock of its own. */
    public static String lockPerElement() throws InterruptedException {
        int[] elements = new int[2];
        ReentrantLock[] locks = {new ReentrantLock(), new ReentrantLock()};
        Tasks.Body body =
                () -> {
                    for (int i = 0; i < 2; i++) {
                        locks[i].lock();
                        elements[i]++;
                        locks[i].unlock();
                    }
                };
        Tasks.run(body, body);
        return elements[0] + " " + elements[1];
    }

    /** Each task has an element of its own, far from and near to the other. */
    public static String elementPerTask() throws InterruptedException {
        long[] near = new long[2];
        byte[] far = new byte[1000];
        Tasks.run(
                () -> {
                    for (int i = 0; i < 50; i++) {
                        near[0]++;
                        far[0]++;
                    }
                },
                () -> {
                    for (int i = 0; i < 50; i++) {
                        near[1]++;
                        far[999]++;
                    }
                });
        return near[0] + far[0] + " " + (near[1] + far[999]);
    }

    /** Both tasks increment the same element, and each one of its own. */
    public static String oneElementOfMany() throws InterruptedException {
        int[] elements = new int[200];
        Tasks.run(
                () -> {
                    elements[100]++;
                    elements[5]++;
                },
                () -> {
                    elements[100]++;
                    elements[150]++;
                });
        return elements[100] + " " + elements[5] + " " + elements[150];
    }

    private static final class TwoFlags {
        volatile int first;
        volatile int second;
        int data;
    }

    /** A write of one volatile field and a read of another one in the same object order nothing. */
    public static String volatileFieldsOfOneObject() throws InterruptedException {
        TwoFlags flags = new TwoFlags();
        int[] seen = new int[1];
        Tasks.run(
                () -> {
                    flags.data = 1;
                    flags.first = 1;
                },
                () -> seen[0] = flags.second * 10 + flags.data);
        return "" + seen[0];
    }

    /** Neither do a volatile field and the monitor of its object. */
    public static String fieldAndMonitorOfOneObject() throws InterruptedException {
        TwoFlags flags = new TwoFlags();
        int[] seen = new int[1];
        Tasks.run(
                () -> {
                    flags.data = 1;
                    flags.first = 1;
                },
                () -> {
                    synchronized (flags) {
                        seen[0] = flags.data;
                    }
                });
        return "" + seen[0];
    }
}
