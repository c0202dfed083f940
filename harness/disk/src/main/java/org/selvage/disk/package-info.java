/**
 * A {@link java.nio.file.FileSystem} in memory whose contents are opened from an immutable image
 * and copied on write.
 *
 * <h2>Fault model</h2>
 *
 * <table>
 * <caption>What may happen to what, and who must survive it</caption>
 * <tr><th>Subject</th><th>What holds</th></tr>
 * <tr><td>read, write</td><td>Complete and atomic: never short, torn, misdirected or corrupted.</td></tr>
 * <tr><td>visibility</td><td>A write is seen by every channel of the file as soon as it returns.</td></tr>
 * <tr><td>durability</td><td>Nothing is lost: an image holds every effect that took place before it,
 *     forced or not. {@code force} is announced and has no other effect.</td></tr>
 * <tr><td>directories</td><td>Creating, moving and deleting are atomic and in order.</td></tr>
 * <tr><td>errors</td><td>Only those a caller earns (a missing file, a closed channel); never an
 *     input/output error, never a full disk.</td></tr>
 * <tr><td>order</td><td>An operation takes effect at one instant, after its announcement to the
 *     {@link org.selvage.disk.DiskListener} and before it returns.</td></tr>
 * </table>
 *
 * <p>So a program has no fault to survive here. Every effect goes through an announcement made
 * while the disk is untouched and whole, and a file freezes into an image in constant time: that is
 * where an overlay of faults attaches, without changing what lies below it.
 *
 * <h2>Limits</h2>
 *
 * <ul>
 *   <li>A file holds at most 64 GiB; a longer one fails with {@code FileSystemException: File too
 *       large}.
 *   <li>The capacity reported by the file store, 1 TiB, is not enforced.
 *   <li>No symbolic or hard links, owners, permissions, watch services, memory mapping or
 *       asynchronous channels: {@link java.lang.UnsupportedOperationException}.
 *   <li>Reading does not change the time of last access.
 *   <li>Closing a channel is not announced, as it runs under a lock of the JDK. Its only effect on
 *       the disk is to release the channel's file locks: {@code DELETE_ON_CLOSE} removes the name
 *       as soon as the file is open, as the JDK does on Linux.
 *   <li>Path.of(URI) does not find this file system: use {@link
 *       org.selvage.disk.SimulatedDisk#path}, or {@code getPath} of its provider.
 * </ul>
 *
 * <p>Where the Java specification leaves a choice, results follow the JDK on Linux.
 */
@NullMarked
package org.selvage.disk;

import org.jspecify.annotations.NullMarked;
