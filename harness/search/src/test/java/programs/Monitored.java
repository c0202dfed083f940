package programs;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import java.util.concurrent.CountDownLatch;

/** Classes of the JDK with synchronized methods. */
public final class Monitored {
    private volatile int x;

    private Monitored() {}

    /** A block on the vector keeps its methods out. */
    public static String blockAndMethod() throws InterruptedException {
        Monitored m = new Monitored();
        Vector<String> v = new Vector<>();
        Tasks.run(
                () -> {
                    synchronized (v) {
                        v.add("a");
                        m.x = 1;
                        v.add("b");
                    }
                },
                () -> v.add("c"));
        return String.join("", v);
    }

    /** Looking and then adding is not whole, through an interface either. */
    public static String checkThenAct() throws InterruptedException {
        List<String> list = new Vector<>();
        Tasks.Body body =
                () -> {
                    if (!list.contains("a")) {
                        list.add("a");
                    }
                };
        Tasks.run(body, body);
        return "" + list.size();
    }

    /** The same with a method reference and a method of three arguments. */
    public static String replaced() throws InterruptedException {
        Map<String, Integer> table = new Hashtable<>();
        table.put("k", 0);
        Tasks.Body body =
                () -> {
                    java.util.function.Function<String, Integer> get = table::get;
                    int before = get.apply("k");
                    table.replace("k", before, before + 1);
                };
        Tasks.run(body, body);
        return "" + table;
    }

    /** What a vector calls may be switched away from, and the others stay outside. */
    public static String callback() throws InterruptedException {
        Monitored m = new Monitored();
        Vector<Integer> v = new Vector<>(List.of(1, 2));
        int[] sum = new int[1];
        Tasks.run(
                () -> v.forEach(n -> sum[0] += n + m.x),
                () -> {
                    m.x = 10;
                    v.add(3);
                });
        return sum[0] + " " + v.size();
    }

    /** A table computes a value once although the function waits for another task. */
    public static String compute() throws InterruptedException {
        Hashtable<String, Integer> table = new Hashtable<>();
        Object lock = new Object();
        Monitored m = new Monitored();
        Tasks.Body body =
                () ->
                        table.computeIfAbsent(
                                "k",
                                k -> {
                                    synchronized (lock) {
                                        return ++m.x;
                                    }
                                });
        Tasks.run(
                body,
                body,
                () -> {
                    synchronized (lock) {
                        m.x += 10;
                    }
                });
        return table.get("k") + " " + m.x;
    }

    /** A copy is made by the JDK itself, which must wait for the block. */
    public static String copy() throws InterruptedException {
        Monitored m = new Monitored();
        Vector<String> v = new Vector<>();
        int[] size = new int[3];
        Tasks.run(
                () -> {
                    synchronized (v) {
                        v.add("a");
                        m.x = 1;
                        v.add("b");
                    }
                },
                () -> size[0] = new ArrayList<>(v).size(),
                () -> size[1] = ("" + v).length(),
                () -> {
                    List<String> all = new ArrayList<>();
                    all.addAll(v);
                    size[2] = all.size();
                });
        return size[0] + " " + size[1] + " " + size[2];
    }

    /** An iterator takes the monitor in each step, so another task gets in between. */
    public static String iteration() throws InterruptedException {
        Vector<Integer> v = new Vector<>(List.of(1, 2));
        String[] end = {"whole"};
        Tasks.run(
                () -> {
                    try {
                        for (Iterator<Integer> i = v.iterator(); i.hasNext(); ) {
                            i.next();
                        }
                    } catch (java.util.ConcurrentModificationException e) {
                        end[0] = "modified";
                    }
                },
                () -> v.add(3));
        return end[0];
    }

    /** A lock and a vector's monitor in opposite orders. */
    public static String deadlock() throws InterruptedException {
        Vector<String> v = new Vector<>(List.of("a"));
        Object lock = new Object();
        Tasks.run(
                () -> {
                    synchronized (lock) {
                        v.add("b");
                    }
                },
                () ->
                        v.forEach(s -> {
                            synchronized (lock) {
                                lock.notifyAll();
                            }
                        }));
        return "" + v.size();
    }

    /** To hand a vector over that somebody has locked is no reason to wait. */
    public static String passedOn() throws InterruptedException {
        Vector<String> v = new Vector<>();
        List<Object> list = new ArrayList<>();
        List<List<String>> nested = new ArrayList<>();
        CountDownLatch latch = new CountDownLatch(1);
        Tasks.run(
                () -> {
                    synchronized (v) {
                        latch.await();
                    }
                },
                () -> {
                    list.add(v);
                    nested.add(v);
                    java.util.Collections.unmodifiableList(v);
                    latch.countDown();
                });
        return list.size() + "" + nested.size();
    }

    /** Waits on the vector itself. */
    public static String waits() throws InterruptedException {
        Vector<String> v = new Vector<>();
        String[] got = new String[2];
        Tasks.run(
                () -> {
                    synchronized (v) {
                        while (v.isEmpty()) {
                            v.wait();
                        }
                        got[0] = v.remove(0);
                        v.wait(10);
                        got[1] = "" + v.size();
                    }
                },
                () -> {
                    synchronized (v) {
                        v.add("a");
                        v.notify();
                    }
                });
        return got[0] + got[1];
    }

    /** A stream of the program below one of the JDK, in which a task stands. */
    public static String stream() throws InterruptedException {
        Monitored m = new Monitored();
        StringBuffer written = new StringBuffer();
        OutputStream below =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        int count = m.x;
                        written.append((char) b);
                        m.x = count + 1;
                    }
                };
        OutputStream out = new BufferedOutputStream(below, 1);
        Tasks.Body body =
                () -> {
                    out.write('a');
                    out.write('b');
                    out.flush();
                };
        Tasks.run(body, body);
        return m.x + " " + written.length();
    }

    /** Bytes written by two tasks, all of them. */
    public static String bytes() throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Tasks.Body body = () -> out.write(new byte[] {1, 2, 3}, 0, 3);
        Tasks.run(body, body, () -> out.writeTo(OutputStream.nullOutputStream()));
        return "" + out.size();
    }

    /** A pipe's methods wait for the other end. */
    public static String pipe() throws InterruptedException, IOException {
        PipedInputStream in = new PipedInputStream(2);
        PipedOutputStream out = new PipedOutputStream(in);
        StringBuilder read = new StringBuilder();
        Tasks.run(
                () -> {
                    out.write(new byte[] {'a', 'b', 'c', 'd', 'e'});
                    out.close();
                },
                () -> {
                    for (int b = in.read(); b >= 0; b = in.read()) {
                        read.append((char) b);
                    }
                });
        return read.toString();
    }

    private static final class Doubled extends Vector<Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean add(Integer n) {
            return super.add(n) && super.add(n);
        }
    }

    /** A class of the program's own: what it inherits is synchronized, what it overrides not. */
    public static String subclass() throws InterruptedException {
        Doubled v = new Doubled();
        Tasks.run(() -> v.add(1), () -> v.addElement(2));
        return v.toString();
    }
}
