/** Mini-transactions and the log sequence number (InnoDB: mtr0mtr.cc, log0log.cc). */
@NullMarked
package org.selvage.engine.redo;

import org.jspecify.annotations.NullMarked;
