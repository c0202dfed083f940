package org.selvage.checker.specification;

import org.jspecify.annotations.Nullable;

/**
 * The state of one register.
 *
 * @param value what it holds, null before the first write
 */
public record Held(@Nullable Object value) {
    @Override
    public String toString() {
        return String.valueOf(value);
    }
}
