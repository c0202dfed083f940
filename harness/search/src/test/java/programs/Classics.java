package programs;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The programs that partial-order reductions are measured by. Readers, last-zero and the numbers of
 * their traces: Abdulla, Aronis, Jonsson, Sagonas, POPL 2014. Indexer and file-system: Flanagan,
 * Godefroid, POPL 2005.
 */
public final class Classics {
    private Classics() {}

    private interface Body {
        void run(int number);
    }

    private static void together(int from, int to, Body body) {
        Thread[] threads = new Thread[to - from];
        for (int i = from; i < to; i++) {
            int number = i;
            threads[i - from] = new Thread(() -> body.run(number));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AtomicInteger[] variables(int count) {
        AtomicInteger[] all = new AtomicInteger[count];
        for (int i = 0; i < count; i++) {
            all[i] = new AtomicInteger();
        }
        return all;
    }

    /** One task writes a variable, n others read it. */
    public static String readers(int n) {
        AtomicInteger x = new AtomicInteger();
        together(
                0,
                n + 1,
                i -> {
                    if (i == 0) {
                        x.set(42);
                    } else {
                        x.get();
                    }
                });
        return "";
    }

    /** Task i of 1 to n writes element i from element i - 1; one more looks for the last zero. */
    public static String lastZero(int n) {
        AtomicInteger[] array = variables(n + 1);
        int[] found = new int[1];
        together(
                0,
                n + 1,
                i -> {
                    if (i > 0) {
                        array[i].set(array[i - 1].get() + 1);
                        return;
                    }
                    int at = n;
                    while (array[at].get() != 0) {
                        at--;
                    }
                    found[0] = at;
                });
        return "" + found[0];
    }

    /** n tasks insert four messages each into a hash table of 128 slots. */
    public static String indexer(int n) {
        int size = 128;
        AtomicInteger[] table = variables(size);
        together(
                0,
                n,
                i -> {
                    for (int m = 1; m <= 4; m++) {
                        int message = m * 11 + i;
                        int hash = message * 7 % size;
                        while (!table[hash].compareAndSet(0, message)) {
                            hash = (hash + 1) % size;
                        }
                    }
                });
        return "";
    }

    /** n tasks create files: 32 inodes, 26 blocks, a lock for each. */
    public static String fileSystem(int n) {
        int blocks = 26;
        int inodes = 32;
        Object[] inodeLocks = new Object[inodes];
        Object[] blockLocks = new Object[blocks];
        int[] inode = new int[inodes];
        boolean[] busy = new boolean[blocks];
        for (int i = 0; i < inodes; i++) {
            inodeLocks[i] = new Object();
        }
        for (int i = 0; i < blocks; i++) {
            blockLocks[i] = new Object();
        }
        together(
                0,
                n,
                task -> {
                    int i = task % inodes;
                    synchronized (inodeLocks[i]) {
                        if (inode[i] == 0) {
                            int b = i * 2 % blocks;
                            boolean placed = false;
                            while (!placed) {
                                synchronized (blockLocks[b]) {
                                    if (!busy[b]) {
                                        busy[b] = true;
                                        inode[i] = b + 1;
                                        placed = true;
                                    }
                                }
                                b = (b + 1) % blocks;
                            }
                        }
                    }
                });
        return "";
    }
}
