/** Histories, sequential specifications, linearizability. */
@NullMarked
package org.selvage.checker;

import org.jspecify.annotations.NullMarked;
