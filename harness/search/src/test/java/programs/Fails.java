package programs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a wrong program fails, if not by {@link Tasks#check}: so a program that fails by a mistake of
 * its own is not taken for one whose bug was found.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Fails {
    /** By {@link Tasks#check}. */
    String CHECK = "programs.Tasks.check";

    /** How the failure's text may begin: a verdict, or an exception's class and message. */
    String[] value();
}
