"""Loops: while, for, else, break, continue."""

total, n = 0, 0
while n < 3000:
    n += 1
    if n % 3 == 0:
        continue
    total += n & 7
    if total > 6000:
        break
else:
    print("while ended", n)
for a in range(5):
    for b in "xyz":
        if b == "y":
            continue
        print(a, b, end="; ")
    else:
        print("for ended")
print(total, n)
