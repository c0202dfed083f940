package programs.right;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import programs.Tasks;

/** Textbook algorithms (Herlihy and Shavit, "The art of multiprocessor programming"), right. */
public final class Algorithms {
    private int value;
    private volatile int turn;
    private volatile boolean first;
    private volatile boolean second;

    private Algorithms() {}

    private void count() {
        value++;
    }

    /** Peterson's lock for two. */
    public static String peterson() throws InterruptedException {
        Algorithms p = new Algorithms();
        Tasks.run(
                () -> {
                    p.first = true;
                    p.turn = 1;
                    while (p.second && p.turn == 1) {
                        Thread.onSpinWait();
                    }
                    p.count();
                    p.first = false;
                },
                () -> {
                    p.second = true;
                    p.turn = 0;
                    while (p.first && p.turn == 0) {
                        Thread.onSpinWait();
                    }
                    p.count();
                    p.second = false;
                });
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    /** Lamport's bakery. */
    public static String bakery() throws InterruptedException {
        Algorithms p = new Algorithms();
        AtomicIntegerArray choosing = new AtomicIntegerArray(2);
        AtomicIntegerArray label = new AtomicIntegerArray(2);
        Tasks.Body[] bodies = new Tasks.Body[2];
        for (int i = 0; i < 2; i++) {
            int me = i;
            int other = 1 - i;
            bodies[i] =
                    () -> {
                        choosing.set(me, 1);
                        label.set(me, 1 + Math.max(label.get(0), label.get(1)));
                        choosing.set(me, 0);
                        while (choosing.get(other) == 1) {
                            Thread.onSpinWait();
                        }
                        while (isBefore(label.get(other), other, label.get(me), me)) {
                            Thread.onSpinWait();
                        }
                        p.count();
                        label.set(me, 0);
                    };
        }
        Tasks.run(bodies);
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    private static boolean isBefore(int label, int id, int otherLabel, int otherId) {
        return label != 0 && (label < otherLabel || (label == otherLabel && id < otherId));
    }

    /** Tickets in the order of arrival. */
    public static String ticketLock() throws InterruptedException {
        Algorithms p = new Algorithms();
        AtomicInteger next = new AtomicInteger();
        AtomicInteger serving = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    int mine = next.getAndIncrement();
                    while (serving.get() != mine) {
                        Thread.onSpinWait();
                    }
                    p.count();
                    serving.set(mine + 1);
                };
        Tasks.run(body, body, body);
        Tasks.check(p.value == 3, "value=" + p.value);
        return "";
    }

    private static final class ClhNode {
        private volatile boolean locked = true;
    }

    /** Craig, Landin and Hagersten's queue of nodes. */
    public static String clhLock() throws InterruptedException {
        Algorithms p = new Algorithms();
        ClhNode free = new ClhNode();
        free.locked = false;
        AtomicReference<ClhNode> tail = new AtomicReference<>(free);
        Tasks.Body body =
                () -> {
                    ClhNode mine = new ClhNode();
                    ClhNode before = tail.getAndSet(mine);
                    while (before.locked) {
                        Thread.onSpinWait();
                    }
                    p.count();
                    mine.locked = false;
                };
        Tasks.run(body, body);
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    private static final class McsNode {
        private volatile boolean locked;
        private volatile McsNode next;
    }

    /** Mellor-Crummey and Scott's queue of nodes. */
    public static String mcsLock() throws InterruptedException {
        Algorithms p = new Algorithms();
        AtomicReference<McsNode> tail = new AtomicReference<>();
        Tasks.Body body =
                () -> {
                    McsNode mine = new McsNode();
                    McsNode before = tail.getAndSet(mine);
                    if (before != null) {
                        mine.locked = true;
                        before.next = mine;
                        while (mine.locked) {
                            Thread.onSpinWait();
                        }
                    }
                    p.count();
                    if (mine.next == null && tail.compareAndSet(mine, null)) {
                        return;
                    }
                    while (mine.next == null) {
                        Thread.onSpinWait();
                    }
                    mine.next.locked = false;
                };
        Tasks.run(body, body);
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    private record Cell(int value, Cell below) {}

    /** Treiber's stack. */
    public static String treiberStack() throws InterruptedException {
        AtomicReference<Cell> top = new AtomicReference<>();
        AtomicInteger sum = new AtomicInteger();
        Tasks.Body popper =
                () -> {
                    Cell seen;
                    do {
                        seen = top.get();
                    } while (seen != null && !top.compareAndSet(seen, seen.below));
                    sum.addAndGet(seen == null ? 0 : seen.value);
                };
        Tasks.run(
                () -> {
                    for (int i = 1; i <= 2; i++) {
                        Cell seen;
                        do {
                            seen = top.get();
                        } while (!top.compareAndSet(seen, new Cell(i, seen)));
                    }
                },
                popper,
                popper);
        for (Cell cell = top.get(); cell != null; cell = cell.below) {
            sum.addAndGet(cell.value);
        }
        Tasks.check(sum.get() == 3, "sum=" + sum);
        return "";
    }

    private static final class Link {
        private final int value;
        private final AtomicReference<Link> next = new AtomicReference<>();

        Link(int value) {
            this.value = value;
        }
    }

    private static final class MichaelScott {
        private final AtomicReference<Link> head = new AtomicReference<>(new Link(0));
        private final AtomicReference<Link> tail = new AtomicReference<>(head.get());

        void add(int value) {
            Link link = new Link(value);
            while (true) {
                Link last = tail.get();
                Link next = last.next.get();
                if (next != null) {
                    tail.compareAndSet(last, next);
                } else if (last.next.compareAndSet(null, link)) {
                    tail.compareAndSet(last, link);
                    return;
                }
            }
        }

        int poll() {
            while (true) {
                Link first = head.get();
                Link last = tail.get();
                Link next = first.next.get();
                if (next == null) {
                    return 0;
                }
                if (first == last) {
                    tail.compareAndSet(last, next);
                } else if (head.compareAndSet(first, next)) {
                    return next.value;
                }
            }
        }
    }

    /** Michael and Scott's queue. */
    public static String michaelScottQueue() throws InterruptedException {
        MichaelScott queue = new MichaelScott();
        AtomicInteger sum = new AtomicInteger();
        Tasks.run(() -> queue.add(1), () -> queue.add(2), () -> sum.addAndGet(queue.poll()));
        sum.addAndGet(queue.poll() + queue.poll());
        Tasks.check(sum.get() == 3, "sum=" + sum);
        return "";
    }

    /** A sequence lock with volatile data: readers try until nothing changed. */
    public static String sequenceLock() throws InterruptedException {
        AtomicInteger sequence = new AtomicInteger();
        AtomicInteger a = new AtomicInteger();
        AtomicInteger b = new AtomicInteger();
        Tasks.run(
                () -> {
                    sequence.incrementAndGet();
                    a.set(1);
                    b.set(1);
                    sequence.incrementAndGet();
                },
                () -> {
                    int before;
                    int x;
                    int y;
                    do {
                        before = sequence.get();
                        x = a.get();
                        y = b.get();
                    } while (before % 2 != 0 || sequence.get() != before);
                    Tasks.check(x == y, "torn");
                });
        return "";
    }

    /** Each philosopher takes the lower fork first. */
    public static String philosophers() throws InterruptedException {
        Lock[] forks = {new ReentrantLock(), new ReentrantLock(), new ReentrantLock()};
        int[] meals = new int[3];
        Tasks.Body[] bodies = new Tasks.Body[3];
        for (int i = 0; i < 3; i++) {
            int id = i;
            Lock low = forks[Math.min(id, (id + 1) % 3)];
            Lock high = forks[Math.max(id, (id + 1) % 3)];
            bodies[i] =
                    () -> {
                        low.lock();
                        high.lock();
                        meals[id]++;
                        high.unlock();
                        low.unlock();
                    };
        }
        Tasks.run(bodies);
        Tasks.check(meals[0] + meals[1] + meals[2] == 3, "meals");
        return "";
    }

    private static final class Node {
        private final int key;
        private final Lock lock = new ReentrantLock();
        private Node next;

        Node(int key, Node next) {
            this.key = key;
            this.next = next;
        }
    }

    private static boolean addSorted(Node head, int key) {
        Node before = head;
        before.lock.lock();
        Node at = before.next;
        at.lock.lock();
        try {
            while (at.key < key) {
                before.lock.unlock();
                before = at;
                at = at.next;
                at.lock.lock();
            }
            if (at.key == key) {
                return false;
            }
            before.next = new Node(key, at);
            return true;
        } finally {
            at.lock.unlock();
            before.lock.unlock();
        }
    }

    /** A sorted list locked hand over hand. */
    public static String handOverHand() throws InterruptedException {
        Node head = new Node(0, new Node(9, null));
        AtomicInteger added = new AtomicInteger();
        Tasks.run(
                () -> added.addAndGet(addSorted(head, 5) ? 1 : 0),
                () -> added.addAndGet(addSorted(head, 3) ? 1 : 0),
                () -> added.addAndGet(addSorted(head, 5) ? 1 : 0));
        Tasks.check(added.get() == 2, "added=" + added);
        Tasks.check(head.next.key == 3 && head.next.next.key == 5, "order");
        return "";
    }

    /** A semaphore of the program's own. */
    private static final class Permits {
        private int left;

        Permits(int left) {
            this.left = left;
        }

        synchronized void acquire() throws InterruptedException {
            while (left == 0) {
                wait();
            }
            left--;
        }

        synchronized void release() {
            left++;
            notify();
        }
    }

    /** Three share two permits. */
    public static String ownSemaphore() throws InterruptedException {
        Permits permits = new Permits(2);
        AtomicInteger inside = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    permits.acquire();
                    Tasks.check(inside.incrementAndGet() <= 2, "three inside");
                    inside.decrementAndGet();
                    permits.release();
                };
        Tasks.run(body, body, body);
        return "";
    }

    /** A barrier of the program's own, for two rounds: its generation tells them apart. */
    private static final class Rounds {
        private final int parties;
        private int arrived;
        private int generation;

        Rounds(int parties) {
            this.parties = parties;
        }

        synchronized void await() throws InterruptedException {
            int mine = generation;
            if (++arrived == parties) {
                arrived = 0;
                generation++;
                notifyAll();
                return;
            }
            while (generation == mine) {
                wait();
            }
        }
    }

    /** Two rounds of two. */
    public static String ownBarrier() throws InterruptedException {
        Rounds rounds = new Rounds(2);
        AtomicInteger arrived = new AtomicInteger();
        Tasks.Body body =
                () -> {
                    for (int i = 1; i <= 2; i++) {
                        arrived.incrementAndGet();
                        rounds.await();
                        Tasks.check(arrived.get() >= 2 * i, "too early");
                    }
                };
        Tasks.run(body, body);
        return "";
    }

    /** Readers and writers with a monitor; writers go first. */
    private static final class ReadersWriters {
        private int readers;
        private boolean writing;
        private int waitingWriters;

        synchronized void beginRead() throws InterruptedException {
            while (writing || waitingWriters > 0) {
                wait();
            }
            readers++;
        }

        synchronized void endRead() {
            readers--;
            notifyAll();
        }

        synchronized void beginWrite() throws InterruptedException {
            waitingWriters++;
            while (writing || readers > 0) {
                wait();
            }
            waitingWriters--;
            writing = true;
        }

        synchronized void endWrite() {
            writing = false;
            notifyAll();
        }
    }

    /** Readers see what a writer has written whole. */
    public static String readersWriters() throws InterruptedException {
        Algorithms p = new Algorithms();
        ReadersWriters lock = new ReadersWriters();
        int[] copy = new int[1];
        Tasks.Body reader =
                () -> {
                    lock.beginRead();
                    Tasks.check(p.value == copy[0], "torn");
                    lock.endRead();
                };
        Tasks.run(
                reader,
                reader,
                () -> {
                    lock.beginWrite();
                    p.value++;
                    copy[0]++;
                    lock.endWrite();
                });
        return "";
    }

    /** A pool of threads of the program's own, which an interrupt ends. */
    private static final class OwnPool {
        private final Deque<Runnable> work = new ArrayDeque<>();
        private boolean closed;

        synchronized void add(Runnable task) {
            work.add(task);
            notify();
        }

        synchronized void close() {
            closed = true;
            notifyAll();
        }

        private synchronized Runnable next() throws InterruptedException {
            while (work.isEmpty() && !closed) {
                wait();
            }
            return work.poll();
        }

        void serve() throws InterruptedException {
            for (Runnable task = next(); task != null; task = next()) {
                task.run();
            }
        }
    }

    /** Two workers do all the work. */
    public static String ownPool() throws InterruptedException {
        OwnPool pool = new OwnPool();
        AtomicInteger done = new AtomicInteger();
        Tasks.run(
                pool::serve,
                pool::serve,
                () -> {
                    for (int i = 0; i < 3; i++) {
                        pool.add(done::incrementAndGet);
                    }
                    pool.close();
                });
        Tasks.check(done.get() == 3, "done=" + done);
        return "";
    }

    /** A future of the program's own, with a waiter that parks. */
    public static String ownFuture() throws InterruptedException {
        AtomicReference<String> result = new AtomicReference<>();
        Thread main = Thread.currentThread();
        Tasks.start(
                "t",
                () -> {
                    result.set("x");
                    LockSupport.unpark(main);
                });
        while (result.get() == null) {
            LockSupport.park(result);
        }
        return result.get();
    }

    /** Transfers between accounts, locked in the order of their numbers. */
    public static String transfers() throws InterruptedException {
        Object[] locks = {new Object(), new Object()};
        int[] accounts = {10, 10};
        Tasks.run(
                () -> transfer(locks, accounts, 0, 1, 3), () -> transfer(locks, accounts, 1, 0, 5));
        Tasks.check(accounts[0] == 12 && accounts[1] == 8, accounts[0] + " " + accounts[1]);
        return "";
    }

    private static void transfer(Object[] locks, int[] accounts, int from, int to, int amount) {
        synchronized (locks[Math.min(from, to)]) {
            synchronized (locks[Math.max(from, to)]) {
                accounts[from] -= amount;
                accounts[to] += amount;
            }
        }
    }

    /** An immutable value that is copied, changed and swapped in. */
    public static String copyAndSwap() throws InterruptedException {
        AtomicReference<int[]> current = new AtomicReference<>(new int[] {0, 0});
        Tasks.Body writer =
                () -> {
                    int[] seen;
                    int[] changed;
                    do {
                        seen = current.get();
                        changed = new int[] {seen[0] + 1, seen[1] + 1};
                    } while (!current.compareAndSet(seen, changed));
                };
        Tasks.run(
                writer,
                writer,
                () -> {
                    int[] seen = current.get();
                    Tasks.check(seen[0] == seen[1], "torn");
                });
        Tasks.check(current.get()[0] == 2, "two");
        return "";
    }

    /** Waits for its turn: odd and even numbers alternate. */
    public static String alternation() throws InterruptedException {
        Algorithms p = new Algorithms();
        StringBuilder text = new StringBuilder();
        Tasks.run(() -> p.write(text, 0), () -> p.write(text, 1));
        Tasks.check(text.toString().equals("0123"), text.toString());
        return "";
    }

    private void write(StringBuilder text, int parity) throws InterruptedException {
        for (int i = parity; i < 4; i += 2) {
            synchronized (this) {
                while (value != i) {
                    wait();
                }
                text.append(i);
                value++;
                notifyAll();
            }
        }
    }
}
