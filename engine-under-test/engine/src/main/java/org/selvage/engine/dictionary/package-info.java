/**
 * Tables, columns and indexes, persisted in the system tablespace. Answers to InnoDB's dict/
 * directory.
 */
@NullMarked
package org.selvage.engine.dictionary;

import org.jspecify.annotations.NullMarked;
