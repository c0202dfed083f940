/** Workloads that a command can run on a real folder. */
@NullMarked
package org.selvage.engine.workload;

import org.jspecify.annotations.NullMarked;
