package org.selvage.engine.dictionary;

/**
 * A secondary index over one column, not unique (InnoDB's SYS_INDEXES row).
 *
 * @param name name of the index, which is its column's name
 * @param column number of the column it orders by, from 0
 * @param indexId identity stamped on each of its pages
 * @param rootPage page number of its root, which never moves
 */
public record IndexDefinition(String name, int column, long indexId, int rootPage) {}
