package programs;

import java.util.List;

/** Fails by an exception that no statement throws. */
public final class ImplicitExceptions {
    private ImplicitExceptions() {}

    public static void arrayIndex() {
        int[] numbers = new int[1];
        for (int index : List.of(0, 0, 0, 1)) {
            numbers[index]++;
        }
    }

    public static void nullPointer() {
        String[] words = {"a", "b", null};
        int length = 0;
        for (String word : words) {
            length += word.length();
        }
        words[0] = "" + length;
    }

    public static void divisionByZero() {
        int sum = 0;
        for (int divisor : List.of(3, 2, 1, 0)) {
            sum += 6 / divisor;
        }
        throw new IllegalStateException("sum=" + sum);
    }

    public static void classCast() {
        StringBuilder all = new StringBuilder();
        for (Object word : new Object[] {"a", "b", 1}) {
            all.append((String) word);
        }
    }
}
