package programs;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Programs with enums whose constants have state, which must be fresh each time. */
public final class Enums {
    private Enums() {}

    private static void both(Runnable body) throws InterruptedException {
        Thread a = new Thread(body);
        Thread b = new Thread(body);
        a.start();
        b.start();
        a.join();
        b.join();
    }

    private static void check(boolean right, Object seen) {
        if (!right) {
            throw new IllegalStateException("seen=" + seen);
        }
    }

    /** Whichever way one comes to a constant, it is the same object. */
    public static final class Values {
        private enum Counter {
            ONE,
            TWO;

            private static final Counter[] ALL = values();
            private final AtomicInteger count = new AtomicInteger();
            private int plain;
        }

        public static void main(String[] arguments) throws InterruptedException {
            Map<Counter, Integer> map = new EnumMap<>(Counter.class);
            both(() -> {
                EnumSet.allOf(Counter.class).forEach(c -> c.count.incrementAndGet());
                synchronized (map) {
                    Counter.valueOf("TWO").plain++;
                    map.merge(Enum.valueOf(Counter.class, "ONE"), 1, Integer::sum);
                }
            });
            check(Counter.ONE.count.get() == 2, Counter.ONE.count);
            check(Counter.ALL[1].plain == 2, Counter.ALL[1].plain);
            check(map.get(Counter.class.getEnumConstants()[0]) == 2, map);
            check(Counter.ALL[0] == Counter.ONE && Counter.values()[0] == Counter.ONE, "another");
        }
    }

    /** Constants with bodies, their switch, and a lambda that holds one. */
    public static final class Bodies {
        private enum Shape {
            ROUND {
                @Override
                int grow() {
                    return ++size;
                }
            },
            SQUARE {
                private final int[] sides = new int[1];

                @Override
                int grow() {
                    return sides[0] += 2;
                }
            };

            int size;

            abstract int grow();
        }

        private enum Holder {
            OF_ROUND(Shape.ROUND::grow);

            private final IntSupplier held;

            Holder(IntSupplier held) {
                this.held = held;
            }
        }

        private static int number(Shape shape) {
            switch (shape) {
                case ROUND:
                    return 1;
                case SQUARE:
                    return 2;
                default:
                    return 3;
            }
        }

        public static void main(String[] arguments) throws InterruptedException {
            both(() -> {
                synchronized (Shape.class) {
                    Shape.ROUND.grow();
                    Shape.SQUARE.grow();
                }
            });
            check(Holder.OF_ROUND.held.getAsInt() == 3, Shape.ROUND.size);
            check(Shape.SQUARE.grow() == 6, "square");
            check(number(Shape.ROUND) == 1 && number(Shape.SQUARE) == 2, "switch");
        }
    }

    /** A switch that looks the constants up once. */
    public static final class Pattern {
        private sealed interface Part permits Side, Other {}

        private enum Side implements Part {
            LEFT,
            RIGHT;

            private int count;
        }

        private record Other(int count) implements Part {}

        private static int count(Part part) {
            return switch (part) {
                case Side.LEFT -> 10 + Side.LEFT.count;
                case Side.RIGHT -> 20 + Side.RIGHT.count;
                case Other other -> other.count();
            };
        }

        public static void main(String[] arguments) throws InterruptedException {
            both(() -> {
                synchronized (Side.class) {
                    Side.RIGHT.count++;
                }
            });
            check(count(Side.RIGHT) == 22, count(Side.RIGHT));
            check(count(Side.LEFT) == 10, count(Side.LEFT));
            check(count(new Other(3)) == 3, "other");
        }
    }

    /** The JVM keeps annotations, and these the constants. */
    public static final class Annotated {
        private enum Level {
            LOW,
            HIGH;

            private int uses;
        }

        @Retention(RetentionPolicy.RUNTIME)
        private @interface Has {
            Level[] value();
        }

        @Has({Level.HIGH})
        private static final class Subject {}

        public static void main(String[] arguments) throws InterruptedException {
            both(() -> {
                synchronized (Level.class) {
                    Level.HIGH.uses++;
                }
            });
            Has has = Objects.requireNonNull(Subject.class.getAnnotation(Has.class));
            check(has.value()[0] == Level.HIGH, has);
            check(has.value()[0].uses == 2, has.value()[0].uses);
        }
    }

    /** Fails with the order in which a hash table has its keys. */
    public static final class Hashed {
        private enum Key {
            A,
            B,
            C,
            D,
            E,
            F
        }

        public static void main(String[] arguments) throws InterruptedException {
            Map<Key, Integer> map = new HashMap<>();
            both(() -> {
                synchronized (map) {
                    List.of(Key.values()).forEach(key -> map.merge(key, 1, Integer::sum));
                }
            });
            throw new AssertionError("order=" + map.keySet());
        }
    }
}
