package programs;

import java.util.ArrayList;
import java.util.List;

/** Two threads add to one list. */
public final class Additions {
    private Additions() {}

    /** An addition reads the size, stores the element and writes the size. */
    public static String two() throws InterruptedException {
        List<Integer> list = new ArrayList<>(4);
        Tasks.run(() -> list.add(1), () -> list.add(2));
        return list.toString();
    }
}
