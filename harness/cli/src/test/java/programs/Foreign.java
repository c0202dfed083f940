package programs;

import java.net.URLConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Programs that nobody prepared. */
public final class Foreign {
    private Foreign() {}

    private static void both(Runnable body) throws InterruptedException {
        Thread a = new Thread(body);
        Thread b = new Thread(body);
        a.start();
        b.start();
        a.join();
        b.join();
    }

    /** Loses an update of a plain field. */
    public static final class Racy {
        private int balance;

        public static void main(String[] arguments) throws InterruptedException {
            Racy racy = new Racy();
            int amount = arguments.length == 0 ? 1 : arguments[0].length();
            both(() -> racy.balance += amount);
            System.out.println("printed by the program");
            if (racy.balance != 2 * amount) {
                throw new AssertionError("balance=" + racy.balance);
            }
        }
    }

    /** What it keeps in statics must be fresh each time. */
    public static final class Statics {
        private static final List<String> LIST = new ArrayList<>();
        private static final Map<String, Holder> HOLDERS = new HashMap<>();
        private static int count = 3;
        private static long untouched;

        static {
            HOLDERS.put("first", new Holder());
        }

        private static final class Holder {
            static int made;
            int value = ++made;
        }

        private static final class Lazy {
            static final int SEEN = count;
        }

        public static void main(String[] arguments) throws InterruptedException {
            int begin = count;
            both(() -> {
                synchronized (LIST) {
                    count++;
                    LIST.add("x");
                }
            });
            untouched++;
            HOLDERS.put("second", new Holder());
            String state = begin + " " + LIST + untouched + HOLDERS.get("second").value + Lazy.SEEN;
            if (!state.equals("3 [x, x]125")) {
                throw new IllegalStateException(state);
            }
        }
    }

    /** An enum whose constants have state, which the JVM caches. */
    public static final class EnumState {
        private enum Counter {
            ONE;

            private final AtomicInteger count = new AtomicInteger();
        }

        public static void main(String[] arguments) throws InterruptedException {
            both(Counter.ONE.count::incrementAndGet);
            if (Counter.valueOf("ONE").count.get() != 2) {
                throw new IllegalStateException("count=" + Counter.ONE.count);
            }
        }
    }

    /** Starts no thread. */
    public static final class Alone {
        public static void main(String[] arguments) {
            System.out.println("alone");
        }
    }

    /** Cannot do without an argument. */
    public static final class Needy {
        public static void main(String[] arguments) throws InterruptedException {
            int n = Integer.parseInt(arguments[0]);
            AtomicInteger count = new AtomicInteger();
            both(() -> count.addAndGet(n));
        }
    }

    /** Looks for its argument elsewhere than in main. */
    public static final class Parsing {
        public static void main(String[] arguments) throws InterruptedException {
            int n = parse(arguments);
            AtomicInteger count = new AtomicInteger();
            both(() -> count.addAndGet(n));
        }

        private static int parse(String[] arguments) {
            return Integer.parseInt(arguments[0]);
        }
    }

    /** Says how it is used when it has no argument, and fails in any case. */
    public static final class Usage {
        public static void main(String[] arguments) throws InterruptedException {
            if (arguments.length == 0) {
                System.err.println("usage: Usage NUMBER");
                System.exit(2);
            }
            both(() -> System.exit(3));
        }
    }

    /** Reads standard input. */
    public static final class Reader {
        public static void main(String[] arguments) throws Exception {
            both(() -> {});
            if (System.in.read() < 0) {
                throw new IllegalStateException("at its end");
            }
        }
    }

    /** How often this was asked, from 1, by way of something that the JVM keeps. */
    private static int time(String key) {
        int time = 1;
        while (!URLConnection.getDefaultUseCaches(key + time)) {
            time++;
        }
        URLConnection.setDefaultUseCaches(key + time, false);
        return time;
    }

    /** Fails in one execution only, as the JVM remembers another one. */
    public static final class Once {
        public static void main(String[] arguments) throws Exception {
            both(() -> {});
            if (time("once") == 3) {
                throw new IllegalStateException("the third execution");
            }
        }
    }

    /** Fails always, but the JVM remembers what it did before, up to the third time. */
    public static final class Varies {
        public static void main(String[] arguments) throws Exception {
            new java.net.ServerSocket(0).close();
            AtomicInteger count = new AtomicInteger();
            both(count::get);
            int execution = Math.min(3, time("varies"));
            for (int i = 0; i < execution; i++) {
                count.get();
            }
            throw new IllegalStateException("always");
        }
    }

    /** A main method as of Java 25. */
    public static final class Instance {
        private int count;

        Instance() {}

        void main() throws InterruptedException {
            both(() -> count++);
            if (count != 2) {
                throw new AssertionError("count=" + count);
            }
        }
    }

    /** A test class. */
    public static class Tests {
        private final List<String> calls = new ArrayList<>();
        private AtomicInteger counter = new AtomicInteger();

        @BeforeEach
        void prepare() {
            calls.add("before");
            counter = new AtomicInteger(10);
        }

        /** Loses an update. */
        void racy() throws InterruptedException {
            both(() -> counter.set(counter.get() + 1));
            if (counter.get() != 12) {
                throw new AssertionError("counter=" + counter);
            }
        }

        /** Does not. */
        void right() throws InterruptedException {
            both(() -> counter.incrementAndGet());
            if (counter.get() != 12 || !calls.equals(List.of("before"))) {
                throw new AssertionError("counter=" + counter + calls);
            }
        }

        /** Fails in what follows the test. */
        void left() throws InterruptedException {
            both(() -> counter.decrementAndGet());
        }

        @AfterEach
        void check() {
            if (counter.get() < 10) {
                throw new IllegalStateException("left behind " + counter);
            }
        }
    }
}
