/** Small programs that every tool runs: correct ones, so that no run ends early. */
@NullMarked
package org.selvage.benchmarks.programs;

import org.jspecify.annotations.NullMarked;
