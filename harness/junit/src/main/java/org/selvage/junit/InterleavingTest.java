package org.selvage.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method that is executed many times under searched interleavings of its threads.
 *
 * <p>The test class is loaded and woven anew; each execution calls the methods with
 * {@code @BeforeAll}, makes an instance (of a {@code @Nested} class within one of its outer class),
 * calls the methods with {@code @BeforeEach}, the test method and the methods with
 * {@code @AfterEach} and {@code @AfterAll}, all controlled. Other extensions of JUnit do not see
 * these instances. Executions whose assumptions fail are passed over; if there are no others, the
 * test is aborted. An exception that a thread does not handle, a failed assertion and a deadlock
 * fail the test; the message tells the interleaving and how to replay it. With the system property
 * {@code selvage.replay} set to a schedule file, that one schedule is executed instead, and the
 * tests that it is not of are aborted.
 *
 * <p>Each execution finds the static fields as if their classes had not been initialised.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(InterleavingExtension.class)
public @interface InterleavingTest {
    /** The strategy, as {@code selvage list strategies} names it. */
    String strategy() default "portfolio";

    /**
     * The bound of a bounded strategy, such as 2 with {@code bounded}; negative for a strategy that
     * has none.
     */
    int bound() default -1;

    /** The largest number of executions. */
    long executions() default 1000;

    /** The longest wall-clock time, such as {@code 10s}. */
    String budget() default "1m";

    /** The seed of the strategy's draws. */
    long seed() default 1;

    /** Whether each of the first 50 executions is repeated, and must do the same operations. */
    boolean verifyDeterminism() default false;

    /** Whether waits may end for no reason, too, as the Java platform permits. */
    boolean spurious() default false;

    /** Whether sleeps and timed waits may end although another task could run. */
    boolean timeouts() default false;

    /**
     * Whether a data race fails the test: two accesses of a plain variable, at least one a write,
     * that nothing orders.
     */
    boolean dataRaces() default false;
}
