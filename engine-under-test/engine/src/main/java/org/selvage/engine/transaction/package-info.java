/**
 * Transactions, undo, row locks and purge (InnoDB's trx/, lock/ and the undo half of row/). There
 * is no MVCC: a reader takes the row's lock.
 */
@NullMarked
package org.selvage.engine.transaction;

import org.jspecify.annotations.NullMarked;
