/** One controlled execution: tasks, operations, modelled primitives, virtual clock, choice tape. */
@NullMarked
package org.selvage.scheduler;

import org.jspecify.annotations.NullMarked;
