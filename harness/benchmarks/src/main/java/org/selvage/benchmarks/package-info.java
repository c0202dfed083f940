/** What a scheduling point and an execution cost. */
@NullMarked
package org.selvage.benchmarks;

import org.jspecify.annotations.NullMarked;
