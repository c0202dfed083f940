package org.selvage.engine;

import java.util.List;

/**
 * A row as a statement returns it.
 *
 * @param key primary key
 * @param values values of the other columns, in the table's order
 */
public record Row(long key, List<Object> values) {
    public Row {
        values = List.copyOf(values);
    }
}
