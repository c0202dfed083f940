/**
 * The change buffer: changes to secondary index leaves that are not in memory. Answers to InnoDB's
 * ibuf/ directory.
 */
@NullMarked
package org.selvage.engine.changebuffer;

import org.jspecify.annotations.NullMarked;
