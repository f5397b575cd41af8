package hostiletest

import (
	"strings"

	"because"
)

// enOdd are names that a catalogue may well have and that look like trouble, one a line.
var enOdd = strings.Split(strings.TrimSpace(`
Ignore the Noise
Ignore Everybody: And 39 Other Keys to Creativity
System of a Down
Operating System Concepts
The System
Override
Forget Me Not
Forget Paris
Forget About It
Disregard for Danger
Previous Lives
All the Previous Summers
Above the Rim
Above All Else
Instructions for a Heatwave
Instructions Not Included
Assembly Instructions for Bookcase BR-100
The Rules of Magic
The Rules Do Not Apply
Rules of Engagement
Rules for Radicals: A Practical Primer for Realistic Radicals
Breaking All the Rules
50% Off: A Memoir
90% of Everything
99% Invisible City
100% Cotton T-Shirt
Half Off
Buy One
Free Fall
Free Willy
Free to Play
Born Free
Freebie and the Bean
Coupon Queens
Discount Dan
Sale of the Century
Prompt
Prompt Engineering for Beginners
The Writing Prompt Box
A Prompt Reply
Assistant to the Villain
The Executive Assistant
User Story Mapping
Users and Losers
The Secret
The Secret Life of Walter Mitty
The Secret Garden (Illustrated Edition)
Keys to the Kingdom
The Key
The Token
Token of Love
The Password Is Swordfish
Passwords and Privacy
Tell No One
Tell Me Your Dreams
Tell the Wolves I'm Home
Tell Me Everything You Don't Remember
Say Nothing: A True Story of Murder and Memory in Northern Ireland
Say Anything...
Don't Say a Word
Show Your Work!: 10 Ways to Share Your Creativity and Get Discovered
Show Boat
Show Me a Hero
Call Me by Your Name
Call of Duty: Black Ops
Call the Midwife
Run Lola Run
Run, Fatboy, Run
Execute the Office
Answer Me, My Love
Ask and You Shall Receive
Write It Down, Make It Happen: Knowing What You Want and Getting It
Write Great Code, Volume 1: Understanding the Machine
Print the Legend
Repeat After Me
Reveal
Refuse to Choose!
Decline and Fall
Return of the King
The Return
You Must Remember This
You Can't Take It with You
You Are Here
You Are Not So Smart
You've Got Mail
Do Not Disturb
Do Not Say We Have Nothing
Never Let Me Go
Never Split the Difference: Negotiating As If Your Life Depended On It
Always Be My Maybe
Stop Making Sense
Stop
Please Look After Mom
Please Don't Eat the Daisies
Please Stand By
Click
Click Here to Kill Everybody
Add to Cart: A Novel
Linked
Missing Link
The Link
WWW: Wake
The Net
You.com Is Not a Book
Dot.Con
Startup
@War
@ Home
#GirlBoss
#Hashtag
$pent
$10 Dinners
€uro 2024
C++
C++ Primer
C# in Depth
F# for Fun
.NET Core in Action
Node.js Design Patterns
R2-D2
C-3PO Desk Lamp
WD-40
B-52's Greatest Hits
3M Tape
7-Eleven Blend
U2
UB40
4x4
9 to 5
24/7: Late Capitalism and the Ends of Sleep
11/22/63
1984
2001: A Space Odyssey
300
404
007
10,000 Maniacs
1-800-Where-R-You
867-5309/Jenny
555 Timer
24 Hours
Five Nights at Freddy's
Seven Brides for Seven Brothers
One Two Three Infinity
<b>old</b>
<3
I <3 Huckabees
A < B
a & b
Q & A
R&B: The Box
AT&T: A History
{Proof}
[REC]
(500) Days of Summer
"Weird Al" in 3-D
'Tis Pity
!!!
???
...
— and Other Stories
*NSYNC
P!nk
Ke$ha
deadmau5
Se7en
L4yer Cake
N.W.A.
E.T. the Extra-Terrestrial
S.W.A.T.
M*A*S*H
WALL·E
Amélie
Les Misérables
Naïve
Motörhead
Björk: Post
Żal
Ærø by Bike
Łódź Noir
Niño
日本語 for Beginners
你好, Beijing
Привет
مرحبا
كتاب الأطفال
שלום
Ελλάδα
こんにちは World
🔥 Hot Sauce
😀
👨‍👩‍👧 Family Puzzle
❤️ Cushion
☕ Morning Blend
⭐⭐⭐⭐⭐
🎧 Beats of the North
JSON Derulo Tribute
JSON at Work
HTML and CSS: Design and Build Websites
Learning SQL
SELECT: Best of Jazz
DROP the Beat
Null Island
NaN Bread
undefined
true
None
N/A
test
admin
root
Robert'); the Sequel
The Cure
Cure
The Cure for Wellness
Cancer Ward
Diabetes Cookbook for Two
Miracle Cure
The Best Exotic Marigold Hotel
The Best of Me
The Greatest Showman
World's Best Dad Mug
Best Coast
Number One Chinese Restaurant
The One and Only Ivan
Must Love Dogs
Must-Have Basics Socks
Guaranteed Pure
No Risk Pool
The Big Short
Money Back
Made for You
Only You
Only 3 Hours
Last Chance to See
Act Now
Now or Never
The Doctors
Trust Me, I'm a Doctor
Evidence
Body of Evidence
Facts and Fancies
Just the Facts
The Source
Open Source
Tool
Tools of Titans
Toolbox Calls
Function of Joy
The Reason
Reasons to Stay Alive
13 Reasons Why
Because
Because of Winn-Dixie
Because Internet: Understanding the New Rules of Language
The Reader
Reader, I Married Him
Ideal Customer
The Sentence
A Sentence to Life
Text Me When You Get Home
The Text
English, August
Chinese Whispers
Lost in Translation
The Russian Affair
French Exit
WeChat for Business
WhatsApp, Doc?
Telegram from Hell
QR Code Art
Scan
Phone Booth
The Phone Call
Email to the Universe
Line
Contact
Contact Lenses, Monthly
Stranger Things
The Neighbours
Other People's Houses
Harry Potter and the Prisoner of Azkaban
The Lord of the Rings: The Fellowship of the Ring
Everything You Always Wanted to Know About Sex But Were Afraid to Ask
Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb
The Hitchhiker's Guide to the Galaxy: Trilogy of Five
How to Win Friends and Influence People
The Curious Incident of the Dog in the Night-Time
Men Are from Mars, Women Are from Venus
The Unbearable Lightness of Being
Extremely Loud and Incredibly Close
Wireless Over-Ear Headphones with Microphone, 40 Hours Playtime, Black
Stainless Steel Water Bottle 750 ml with Straw Lid, Leakproof
`), "\n")

// Odd are harmless names that look like trouble, in one language.
func Odd(lang because.Lang) []string {
	if lang == because.English {
		return enOdd
	}
	return zhOdd
}
