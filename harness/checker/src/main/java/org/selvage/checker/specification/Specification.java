package org.selvage.checker.specification;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;

/**
 * A sequential object: which responses each operation may give in each state, and the state after
 * it.
 *
 * <p>States are immutable and have equals and hashCode. All methods are pure. Only {@link #name},
 * {@link #initial}, {@link #functions} and {@link #step} must be given; the others are hints that
 * make checking faster and never change a verdict when they are right.
 *
 * @param <S> the state
 */
public interface Specification<S> {

    /** The name of the model, as the command line spells it. */
    String name();

    /** The state before the first operation. */
    S initial();

    /**
     * The functions the object knows; an operation with another name is an error of the history.
     */
    Set<String> functions();

    /**
     * The state after the operation, or null when the operation cannot give its response in this
     * state. A pending operation may give any response: the state is the one after it took effect,
     * or null when it can have no effect here.
     */
    @Nullable S step(S state, Operation operation);

    /**
     * All states the operation may lead to; empty when it cannot give its response in this state.
     * Overridden by objects with nondeterministic steps.
     */
    default List<S> steps(S state, Operation operation) {
        S next = step(state, operation);
        return next == null ? List.of() : List.of(next);
    }

    /**
     * Hint: true when the operation, with its response, leaves every state in which it is possible
     * as it is.
     */
    default boolean readOnly(Operation operation) {
        return false;
    }

    /**
     * Hint: the parts of the object the operation touches, for objects that are products of
     * independent parts (a map of keys). The parts of different groups of operations are checked
     * apart. An empty list means that it may touch everything.
     */
    default List<?> touches(Operation operation) {
        return List.of();
    }

    /**
     * Hint: the kind of object, when its functions and responses are those that an exact
     * near-linear algorithm knows.
     */
    default FastPath fastPath() {
        return FastPath.NONE;
    }

    /** The state in words, for explanations. */
    default String describe(S state) {
        return String.valueOf(state);
    }
}
