package programs.right;

import java.io.ByteArrayOutputStream;
import java.io.CharArrayWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import programs.Tasks;

/** Collections and streams of the JDK that may be shared, used rightly. */
public final class JdkCollections {
    private JdkCollections() {}

    private static String counted(Map<String, Integer> map) throws InterruptedException {
        Tasks.Body body =
                () -> {
                    map.merge("a", 1, Integer::sum);
                    map.compute("b", (k, v) -> v == null ? 1 : v + 1);
                    map.putIfAbsent("c", 5);
                };
        Tasks.run(body, body);
        Tasks.check(map.get("a") == 2 && map.get("b") == 2 && map.get("c") == 5, "" + map);
        return "";
    }

    /** Atomic updates of a hash map. */
    public static String hashMap() throws InterruptedException {
        return counted(new ConcurrentHashMap<>());
    }

    /** Keys that fall into one bin. */
    public static String oneBin() throws InterruptedException {
        return counted(new ConcurrentHashMap<>(1));
    }

    /** A function of computeIfAbsent is called once. */
    public static String computeIfAbsent() throws InterruptedException {
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        AtomicInteger calls = new AtomicInteger();
        Tasks.Body body =
                () -> Tasks.check(map.computeIfAbsent(1, k -> calls.incrementAndGet()) == 1, "1");
        Tasks.run(body, body, body);
        Tasks.check(calls.get() == 1, "calls=" + calls);
        return "";
    }

    /** A map grows while others use it. */
    public static String growing() throws InterruptedException {
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>(2);
        Tasks.run(() -> fill(map, 0), () -> fill(map, 100));
        Tasks.check(map.size() == 24 && map.get(5) == 5 && map.get(105) == 105, "" + map);
        return "";
    }

    private static void fill(Map<Integer, Integer> map, int from) {
        for (int i = from; i < from + 12; i++) {
            map.put(i, i);
        }
    }

    /** Sorted while others add to it. */
    public static String skipLists() throws InterruptedException {
        ConcurrentSkipListSet<Integer> set = new ConcurrentSkipListSet<>();
        Tasks.run(
                () -> {
                    set.add(3);
                    set.add(1);
                },
                () -> {
                    set.add(2);
                    Tasks.check(set.pollFirst() != null, "there is one");
                },
                () -> {
                    int before = 0;
                    for (int x : set) {
                        Tasks.check(x > before, "order");
                        before = x;
                    }
                });
        Tasks.check(set.size() == 2, "" + set);
        return counted(new ConcurrentSkipListMap<>());
    }

    /** Iterators see the list as it was. */
    public static String copyOnWrite() throws InterruptedException {
        CopyOnWriteArrayList<Integer> list = new CopyOnWriteArrayList<>(List.of(1, 2));
        CopyOnWriteArraySet<Integer> set = new CopyOnWriteArraySet<>();
        Tasks.run(
                () -> {
                    list.add(3);
                    set.add(1);
                },
                () -> {
                    int sum = 0;
                    for (int x : list) {
                        sum += x;
                    }
                    Tasks.check(sum == 3 || sum == 6, "sum=" + sum);
                    set.add(1);
                });
        Tasks.check(set.size() == 1 && list.size() == 3, "" + set);
        return "";
    }

    /** Each call is whole, and a monitor makes several calls whole. */
    private static String addedIfAbsent(Collection<Integer> all) throws InterruptedException {
        Tasks.Body body =
                () -> {
                    synchronized (all) {
                        if (!all.contains(1)) {
                            all.add(1);
                        }
                    }
                    synchronized (all) {
                        for (Iterator<Integer> i = all.iterator(); i.hasNext(); ) {
                            Tasks.check(i.next() > 0, "positive");
                        }
                    }
                };
        Tasks.run(body, body, () -> all.add(2));
        Tasks.check(all.size() == 2, "" + all);
        return "";
    }

    /** A vector. */
    public static String vector() throws InterruptedException {
        return addedIfAbsent(new Vector<>());
    }

    /** A stack, which is a vector. */
    public static String stack() throws InterruptedException {
        Stack<Integer> stack = new Stack<>();
        stack.push(1);
        stack.push(2);
        AtomicInteger sum = new AtomicInteger();
        Tasks.run(() -> sum.addAndGet(stack.pop()), () -> sum.addAndGet(stack.pop()));
        Tasks.check(sum.get() == 3 && stack.empty(), "sum=" + sum);
        return "";
    }

    /** A synchronized list. */
    public static String synchronizedList() throws InterruptedException {
        return addedIfAbsent(Collections.synchronizedList(new ArrayList<>()));
    }

    /** A synchronized collection of another kind. */
    public static String synchronizedSet() throws InterruptedException {
        return addedIfAbsent(Collections.synchronizedSet(new java.util.LinkedHashSet<>()));
    }

    /** A synchronized map, and its views. */
    public static String synchronizedMap() throws InterruptedException {
        Map<String, Integer> map = Collections.synchronizedMap(new HashMap<>());
        Set<String> keys = map.keySet();
        Tasks.run(
                () -> {
                    synchronized (map) {
                        for (String key : keys) {
                            Tasks.check(map.get(key) != null, key);
                        }
                    }
                },
                () -> map.put("x", 1),
                () -> keys.remove("x"));
        return counted(map);
    }

    /** A hash table. */
    public static String hashtable() throws InterruptedException {
        return counted(new Hashtable<>());
    }

    /** Appended piece by piece. */
    public static String stringBuffer() throws InterruptedException {
        StringBuffer text = new StringBuffer();
        Tasks.Body body =
                () -> {
                    text.append("ab");
                    text.append(1).append('c');
                };
        Tasks.run(body, body);
        Tasks.check(text.length() == 8, text.toString());
        return "";
    }

    /** Streams of java.io that several write to. */
    public static String writers() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        CharArrayWriter chars = new CharArrayWriter();
        StringWriter text = new StringWriter();
        Tasks.Body body =
                () -> {
                    out.println("line");
                    chars.append("xy");
                    text.write("z");
                };
        Tasks.run(body, body);
        String line = "line" + System.lineSeparator();
        Tasks.check(bytes.toString(StandardCharsets.UTF_8).equals(line + line), "lines");
        Tasks.check(chars.size() == 4 && text.toString().equals("zz"), "chars");
        return "";
    }

    /** A pipe whose reader waits for its writer. */
    public static String pipe() throws Exception {
        PipedInputStream in = new PipedInputStream(2);
        PipedOutputStream out = new PipedOutputStream(in);
        Tasks.run(
                () -> {
                    for (int i = 1; i <= 4; i++) {
                        out.write(i);
                    }
                    out.close();
                },
                () -> Tasks.check(sum(in) == 10, "ten"));
        return "";
    }

    /** The reader of a pipe notices that its writer has died, and that it is interrupted. */
    public static String brokenPipe() throws Exception {
        PipedInputStream in = new PipedInputStream(2);
        PipedOutputStream out = new PipedOutputStream(in);
        Tasks.run(
                () -> out.write(1),
                () -> {
                    Tasks.check(in.read() == 1, "one");
                    try {
                        in.read();
                        throw new AssertionError("read");
                    } catch (IOException e) {
                        Tasks.check(e.getMessage().equals("Write end dead"), e.getMessage());
                    }
                });
        PipedInputStream other = new PipedInputStream(new PipedOutputStream(), 1);
        Thread reader =
                Tasks.start(
                        "r",
                        () -> {
                            try {
                                other.read();
                                throw new AssertionError("read");
                            } catch (InterruptedIOException e) {
                                Tasks.check(!Thread.currentThread().isInterrupted(), "a flag");
                            }
                        });
        reader.interrupt();
        reader.join();
        return "";
    }

    private static int sum(PipedInputStream in) throws IOException {
        int sum = 0;
        for (int x = in.read(); x >= 0; x = in.read()) {
            sum += x;
        }
        return sum;
    }
}
