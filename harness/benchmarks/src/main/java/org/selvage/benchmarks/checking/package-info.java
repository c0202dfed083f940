/** What checking a history costs, beside other checkers. */
@org.jspecify.annotations.NullMarked
package org.selvage.benchmarks.checking;
