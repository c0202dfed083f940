package org.selvage.checker.exact;

/** What an exact algorithm found. */
public final class ExactResult {
    /** The three answers. */
    public enum Answer {
        /** There is a linearization. */
        LINEARIZABLE,
        /** There is none. */
        NOT_LINEARIZABLE,
        /** The values of the history are ambiguous: another method must decide. */
        NOT_APPLICABLE
    }

    private static final ExactResult NOT_APPLICABLE =
            new ExactResult(Answer.NOT_APPLICABLE, new int[0]);

    private final Answer answer;
    private final int[] operations;

    private ExactResult(Answer answer, int[] operations) {
        this.answer = answer;
        this.operations = operations;
    }

    static ExactResult linearizable(int[] order) {
        return new ExactResult(Answer.LINEARIZABLE, order);
    }

    static ExactResult notLinearizable(int[] suspects) {
        return new ExactResult(Answer.NOT_LINEARIZABLE, suspects);
    }

    static ExactResult notApplicable() {
        return NOT_APPLICABLE;
    }

    /** The answer. */
    public Answer answer() {
        return answer;
    }

    /**
     * The linearization as numbers of the history's operations; or, when there is none, a few
     * operations that already have none as far as the algorithm knows, empty when it does not know.
     */
    public int[] operations() {
        return operations;
    }
}
