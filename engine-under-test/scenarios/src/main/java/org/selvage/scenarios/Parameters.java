package org.selvage.scenarios;

import java.util.Map;
import java.util.Set;
import org.selvage.search.Scenario;

/** A scenario's numbers, checked. */
final class Parameters {
    private final Map<String, String> values;

    /**
     * Checks that only known parameters are given.
     *
     * @throws IllegalArgumentException with one clear line if another is
     */
    Parameters(Map<String, String> values, Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "no such parameter: parameter="
                                + name
                                + ", known="
                                + new java.util.TreeSet<>(known));
            }
        }
        this.values = values;
    }

    /** A size from its least value up to another one. */
    int number(Scenario.Size size, int high) {
        return number(size.parameter(), size.otherwise(), size.least(), high);
    }

    /** A whole number from low to high. */
    int number(String name, int otherwise, int low, int high) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the parameter is no number: " + name + "=" + text, e);
        }
        throw new IllegalArgumentException(
                "the parameter is out of range: "
                        + name
                        + "="
                        + text
                        + ", range="
                        + low
                        + ".."
                        + high);
    }
}
