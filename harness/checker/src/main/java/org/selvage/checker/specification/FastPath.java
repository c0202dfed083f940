package org.selvage.checker.specification;

/**
 * The objects for which an exact near-linear algorithm exists, with the functions and responses it
 * expects. Whether a history's values allow its use is decided for each history.
 */
public enum FastPath {
    /** None: the general search decides. */
    NONE,
    /** {@code write(v)} and {@code read -> v}; null at the start. */
    REGISTER,
    /**
     * {@code put(k, v)}, {@code get(k) -> v} and {@code delete(k)}; keys are absent, which reads as
     * null, at the start.
     */
    MAP,
    /**
     * {@code add(v)}, {@code remove(v)} and {@code contains(v)}, each with a boolean response;
     * empty at the start.
     */
    SET,
    /** {@code enqueue(v)} and {@code dequeue -> v} or "empty"; empty at the start. */
    QUEUE,
    /** {@code push(v)} and {@code pop -> v} or "empty"; empty at the start. */
    STACK,
    /** {@code insert(v)} and {@code deleteMin -> v} or "empty"; empty at the start. */
    PRIORITY_QUEUE
}
