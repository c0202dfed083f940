package org.selvage.checker;

/** What a check found. {@link Unknown} is never a pass. */
public sealed interface Verdict {

    /** The criterion the history was checked for. */
    Criterion criterion();

    /**
     * The history satisfies the criterion.
     *
     * @param linearization the proof, replayed against the specification
     */
    record Valid(Criterion criterion, Linearization linearization) implements Verdict {}

    /**
     * The history does not satisfy the criterion.
     *
     * @param explanation where and why
     */
    record Invalid(Criterion criterion, Explanation explanation) implements Verdict {}

    /**
     * The budget was spent first.
     *
     * @param spent the part of the budget that ran out, as key=value
     * @param progress how far the check came
     */
    record Unknown(Criterion criterion, String spent, String progress) implements Verdict {}
}
