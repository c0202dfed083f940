package programs;

/** Tasks that write their own letters. */
public final class Letters {
    private final StringBuilder text = new StringBuilder();
    private volatile int point;

    private Letters() {}

    private void write(char letter) {
        for (int i = 0; i < 4; i++) {
            point = i;
            text.append(letter);
        }
    }

    /** What three tasks wrote. */
    public static String three() throws InterruptedException {
        Letters letters = new Letters();
        Tasks.run(() -> letters.write('a'), () -> letters.write('b'), () -> letters.write('c'));
        return letters.text.toString();
    }
}
